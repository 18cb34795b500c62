import { createHash } from 'node:crypto';

import type { MatrixSettings } from '../../platform/push-settings';
import type { WebhookAnswer } from '../../platform/webhook-post';
import type { Carrier } from '../notice-message';
import { postNotice } from '../notice-post';
import type { AnswerDetail } from '../notice-post';
import { composeMatrix, isPerson } from './message';

const codes = {
  unreachable: 'MATRIX_UNREACHABLE',
  busy: 'MATRIX_BUSY',
  unknown: 'MATRIX_LOGIN_REJECTED',
  refused: 'MATRIX_REFUSED',
} as const;

/** `sent`: the homeserver has it. A repeat under the same message id is the same event, as long as the homeserver remembers it. */
export function createMatrixCarrier({ url, token, room }: MatrixSettings): Carrier {
  return {
    send: (message) =>
      postNotice(
        {
          url: eventAddress({ url, room: isPerson(message.to) ? room : message.to, messageId: message.messageId }),
          method: 'PUT',
          headers: { authorization: `Bearer ${token.reveal()}` },
          json: JSON.stringify(composeMatrix(message)),
          receiver: 'the homeserver',
          codes,
        },
        detailOf,
      ),
  };
}

interface Place {
  readonly url: string;
  readonly room: string;
  readonly messageId: string;
}

function eventAddress({ url, room, messageId }: Place): URL {
  const transaction = createHash('sha256').update(messageId).digest('hex');
  return new URL(`${url}/_matrix/client/v3/rooms/${encodeURIComponent(room)}/send/m.room.message/${transaction}`);
}

/** Homeservers say what is wrong in a word of their own, and older ones how long to wait as well. */
function detailOf({ answer }: WebhookAnswer): AnswerDetail {
  const said = /"errcode"\s*:\s*"(M_[A-Z_]{1,40})"/.exec(answer)?.[1];
  const waitMs = Number(/"retry_after_ms"\s*:\s*([0-9]{1,7})\b/.exec(answer)?.[1] ?? 0);
  return { ...(said === undefined ? {} : { said }), ...(waitMs === 0 ? {} : { retryAfterMs: waitMs }) };
}
