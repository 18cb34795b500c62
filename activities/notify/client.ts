import type { NotifySettings } from '../../platform/push-settings';
import { signedWith } from '../../platform/webhook-signature';
import type { Carrier } from '../notice-message';
import { postNotice } from '../notice-post';
import { composeNotify } from './message';

const codes = {
  unreachable: 'NOTIFY_UNREACHABLE',
  busy: 'NOTIFY_BUSY',
  unknown: 'NOTIFY_REFUSED',
  refused: 'NOTIFY_REFUSED',
} as const;

interface NotifyPlace extends NotifySettings {
  readonly privateAddresses: 'allow' | 'refuse';
  readonly now: () => number;
}

/** `sent`: the receiver has answered so. It knows a repeat by its `webhook-id`. */
export function createNotifyCarrier({ url, secret, privateAddresses, now }: NotifyPlace): Carrier {
  return {
    async send(message) {
      const json = JSON.stringify(composeNotify(message));
      const timestamp = String(Math.floor(now() / 1_000));
      const signed = { id: message.messageId, timestamp, body: Buffer.from(json) };
      return postNotice({
        url: new URL(url.reveal()),
        headers: {
          'webhook-id': signed.id,
          'webhook-timestamp': timestamp,
          'webhook-signature': signedWith(signed, secret),
        },
        json,
        privateAddresses,
        receiver: 'the receiver',
        codes,
      });
    },
  };
}
