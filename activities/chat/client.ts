import axios from 'axios';

import type { ChatSettings } from '../../platform/channel-settings';
import { messageOf } from '../../platform/system-error';
import type { ChatFailureCode } from './failures';
import { composeChat } from './message';
import type { VoteChat } from './message';

export interface ChatSender {
  /** `sent`: the webhook has taken it. A lost reply can make it appear twice; the buttons of both are one vote. */
  send(message: VoteChat): Promise<ChatResult>;
}

export type ChatResult =
  { readonly kind: 'sent' } | { readonly kind: 'failed'; readonly code: ChatFailureCode; readonly reason: string };

const answerWithinMs = 10_000;

export function createChatSender({ webhookUrl }: Pick<ChatSettings, 'webhookUrl'>): ChatSender {
  return {
    async send(message) {
      try {
        const { status } = await axios.post(webhookUrl.reveal(), composeChat(message), {
          timeout: answerWithinMs,
          maxRedirects: 0,
          proxy: false,
          responseType: 'text',
          maxContentLength: 64 * 1024,
          validateStatus: () => true,
        });
        if (status >= 200 && status < 300) return { kind: 'sent' };
        const code = status === 429 || status >= 500 ? 'CHAT_UNREACHABLE' : 'CHAT_REFUSED';
        return { kind: 'failed', code, reason: `the webhook answers with status ${status}` };
      } catch (error) {
        // The library's error carries the address, which is a secret: only the message goes on.
        return { kind: 'failed', code: 'CHAT_UNREACHABLE', reason: messageOf(error) };
      }
    },
  };
}
