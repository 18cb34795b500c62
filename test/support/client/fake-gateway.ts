import type { Delivery, RunGateway, RunMessage } from '../../../client/run-gateway';
import type { EventMessage, RunInput } from '../../../workflows/runbook/messages';

export interface FakeGateway extends RunGateway {
  readonly started: { readonly input: RunInput; readonly reuse: 'once' | 'again' }[];
  readonly sent: RunMessage[];
  readonly told: { readonly runId: string; readonly event: EventMessage }[];
  readonly woken: string[];
  /** What messages are answered with from now on. */
  answer(delivery: Delivery<object>): void;
  fail(error: Error | null): void;
  /** The next starts find an execution that has not ended. */
  existsTimes(times: number): void;
  close(): void;
}

/** Runs that only remember what they were told. */
export function fakeGateway(): FakeGateway {
  let delivery: Delivery<object> = {
    kind: 'answered',
    result: { accepted: true, decided: true, choice: 'approve', state: 'running' },
  };
  let failure: Error | null = null;
  let existing = 0;
  let closed = false;
  const gateway: FakeGateway = {
    started: [],
    sent: [],
    told: [],
    woken: [],
    async start(input, reuse) {
      if (failure !== null) throw failure;
      if (existing > 0) {
        existing -= 1;
        return 'exists';
      }
      gateway.started.push({ input, reuse });
      return 'started';
    },
    async send<R>(message: RunMessage) {
      gateway.sent.push(message);
      return parseDelivery<R>(delivery);
    },
    async tell(runId, event) {
      if (closed) return 'closed';
      gateway.told.push({ runId, event });
      return 'told';
    },
    async wake(runId) {
      if (failure !== null) throw failure;
      if (closed) return 'closed';
      gateway.woken.push(runId);
      return 'told';
    },
    answer: (next) => void (delivery = next),
    fail: (error) => void (failure = error),
    existsTimes: (times) => void (existing = times),
    close: () => void (closed = true),
  };
  return gateway;
}

/** What comes back over the wire has no type: JSON is where the test's answer takes the shape that the caller expects. */
function parseDelivery<R>(delivery: Delivery<object>): Delivery<R> {
  return JSON.parse(JSON.stringify(delivery));
}
