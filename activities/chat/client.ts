import type { ChatSettings } from '../../platform/channel-settings';
import type { Carrier } from '../notice-message';
import { postNotice } from '../notice-post';
import { composeChat } from './message';

const codes = {
  unreachable: 'CHAT_UNREACHABLE',
  busy: 'CHAT_UNREACHABLE',
  unknown: 'CHAT_REFUSED',
  refused: 'CHAT_REFUSED',
} as const;

/** `sent`: the webhook has taken it. A lost reply can make it appear twice; the buttons of both are one vote. */
export function createChatCarrier({ webhookUrl }: Pick<ChatSettings, 'webhookUrl'>): Carrier {
  return {
    send: (message) =>
      postNotice({
        url: new URL(webhookUrl.reveal()),
        json: JSON.stringify(composeChat(message)),
        receiver: 'the webhook',
        codes,
      }),
  };
}
