import { Agent, get } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

/** One answer that a customer got. */
export interface Visit {
  readonly at: number;
  /** 0: no answer came. */
  readonly status: number;
  /** What the application says of itself; empty where something else answered. */
  readonly version: string;
  readonly host: string;
}

/** Clients that never stop asking, and forget nothing. */
export interface Customers {
  readonly visits: readonly Visit[];
  /** Settles when so many more answers came. */
  wait(visits: number): Promise<void>;
  leave(): Promise<void>;
}

const together = 6;
/** Leaves the two cores of a small machine to what is tested. */
const pauseMs = 2;

export function startCustomers(url: string): Customers {
  const agent = new Agent({ keepAlive: true, maxSockets: together });
  const visits: Visit[] = [];
  let here = true;
  const all = Promise.all(
    Array.from({ length: together }, async () => {
      while (here) {
        visits.push(await visit(url, agent));
        await sleep(pauseMs);
      }
    }),
  );
  return {
    visits,
    async wait(more) {
      const enough = visits.length + more;
      while (visits.length < enough) await sleep(10);
    },
    async leave() {
      here = false;
      await all;
      agent.destroy();
    },
  };
}

function visit(url: string, agent: Agent): Promise<Visit> {
  return new Promise((resolve) => {
    const request = get(url, { agent }, (response) => {
      const { statusCode = 0, headers } = response;
      const [version, host] = [headers['x-version'], headers['x-host']].map((value) => String(value ?? ''));
      response
        .resume()
        .once('end', () => resolve({ at: Date.now(), status: statusCode, version: version ?? '', host: host ?? '' }));
    });
    request.once('error', () => resolve({ at: Date.now(), status: 0, version: '', host: '' }));
  });
}
