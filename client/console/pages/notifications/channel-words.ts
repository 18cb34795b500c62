import type { Channel } from '../../../../workflows/domain/notice';

export const channelWords: { readonly [C in Channel]: string } = {
  mail: 'Mail',
  chat: 'Chat',
  teams: 'Teams',
  matrix: 'Matrix',
  ntfy: 'ntfy',
  webhook: 'Webhook',
};
