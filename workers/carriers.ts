import { createChatCarrier } from '../activities/chat/client';
import { createMailCarrier } from '../activities/mail/client';
import { createMatrixCarrier } from '../activities/matrix/client';
import type { Carrier } from '../activities/notice-message';
import { createNotifyCarrier } from '../activities/notify/client';
import { createNtfyCarrier } from '../activities/ntfy/client';
import { createTeamsCarrier } from '../activities/teams/client';
import type { Config } from '../platform/config';
import type { Channel } from '../workflows/domain/notice';

export type Carriers = { readonly [C in Channel]?: Carrier };

/** One for each channel that is set up. */
export function createCarriers({ channels, http }: Pick<Config, 'channels' | 'http'>): Carriers {
  const { mail, chat, teams, matrix, ntfy, webhook } = channels;
  const { privateAddresses } = http;
  return {
    ...(mail === null ? {} : { mail: createMailCarrier(mail) }),
    ...(chat === null ? {} : { chat: createChatCarrier(chat) }),
    ...(teams === null ? {} : { teams: createTeamsCarrier(teams) }),
    ...(matrix === null ? {} : { matrix: createMatrixCarrier(matrix) }),
    ...(ntfy === null ? {} : { ntfy: createNtfyCarrier(ntfy) }),
    ...(webhook === null
      ? {}
      : { webhook: createNotifyCarrier({ ...webhook, privateAddresses, now: () => Date.now() }) }),
  };
}
