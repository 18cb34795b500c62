import { z } from 'zod';

/** A payload of a history that everybody can read, and where it stands in its event. */
interface ClearPayload {
  /** As `markerRecordedEventAttributes.details.data`, without the places in lists. */
  readonly path: string;
  readonly text: string;
}

interface ReadableHistory {
  readonly payloads: readonly ClearPayload[];
  /** How many payloads nobody can read without a key. */
  readonly encrypted: number;
  /** Every text that is no payload. */
  readonly texts: readonly string[];
}

const Payload = z.object({ metadata: z.object({ encoding: z.string() }).loose(), data: z.string().optional() });
const History = z.object({ events: z.array(z.unknown()) });

/** What whoever holds the server can read of a history, as the server keeps it (JSON of the protocol). */
export function readableIn(history: string): ReadableHistory {
  const found = { payloads: new Array<ClearPayload>(), encrypted: 0, texts: new Array<string>() };
  function look(path: string, value: unknown): void {
    const payload = Payload.safeParse(value);
    if (payload.success) {
      if (decoded(payload.data.metadata.encoding) === 'binary/encrypted') found.encrypted += 1;
      else found.payloads.push({ path, text: decoded(payload.data.data ?? '') });
    } else if (typeof value === 'string') {
      found.texts.push(value);
    } else if (typeof value === 'object' && value !== null) {
      for (const [name, member] of Object.entries(value))
        look(Array.isArray(value) ? path : `${path}${path === '' ? '' : '.'}${name}`, member);
    }
  }
  for (const event of History.parse(JSON.parse(history)).events) look('', event);
  return found;
}

function decoded(base64: string): string {
  return Buffer.from(base64, 'base64').toString('utf8');
}
