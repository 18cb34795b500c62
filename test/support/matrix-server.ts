import { openPushServer } from './push-server';
import type { PushAnswer, PushedCall, PushServer } from './push-server';

interface MatrixEvent {
  readonly room: string;
  readonly content: unknown;
}

/** The part of a homeserver that takes messages: one token, rooms that its user is in, and a repeat is the event of before. */
export interface MatrixServer extends PushServer {
  readonly events: readonly MatrixEvent[];
}

const mostEventBytes = 65_536;

export async function openMatrixServer(place: {
  readonly token: string;
  readonly rooms: readonly string[];
}): Promise<MatrixServer> {
  const events = new Map<string, MatrixEvent>();
  function take({ method, path, headers, text }: PushedCall): PushAnswer {
    const [, room = '', transaction = ''] =
      /^\/_matrix\/client\/v3\/rooms\/([^/]+)\/send\/m\.room\.message\/([^/?]+)$/.exec(path) ?? [];
    if (method !== 'PUT' || room === '') return refusal(404, 'M_UNRECOGNIZED');
    if (headers.authorization !== `Bearer ${place.token}`) return refusal(401, 'M_UNKNOWN_TOKEN');
    if (!place.rooms.includes(decodeURIComponent(room))) return refusal(403, 'M_FORBIDDEN');
    if (Buffer.byteLength(text) > mostEventBytes) return refusal(413, 'M_TOO_LARGE');
    if (!events.has(transaction))
      events.set(transaction, { room: decodeURIComponent(room), content: JSON.parse(text) });
    return { status: 200, body: { event_id: `$${transaction}` } };
  }
  const server = await openPushServer(take);
  return {
    ...server,
    get events() {
      return [...events.values()];
    },
  };
}

function refusal(status: number, errcode: string): PushAnswer {
  return { status, body: { errcode, error: 'no' } };
}
