import type { NtfySettings } from '../../platform/push-settings';
import type { Carrier } from '../notice-message';
import { postNotice } from '../notice-post';
import { composeNtfy } from './message';

const codes = {
  unreachable: 'NTFY_UNREACHABLE',
  busy: 'NTFY_BUSY',
  unknown: 'NTFY_LOGIN_REJECTED',
  refused: 'NTFY_REFUSED',
} as const;

/** `sent`: the server has it. A lost reply makes it appear again, on servers before 2.16 as a second message. */
export function createNtfyCarrier({ url, token, common }: NtfySettings): Carrier {
  return {
    common,
    send: (message) =>
      postNotice({
        url: new URL(`${url}/`),
        headers: token === null ? {} : { authorization: `Bearer ${token.reveal()}` },
        json: JSON.stringify(composeNtfy(message)),
        receiver: 'the server of ntfy',
        codes,
      }),
  };
}
