import type { TeamsSettings } from '../../platform/push-settings';
import type { Carrier } from '../notice-message';
import { postNotice } from '../notice-post';
import { composeTeams } from './message';

const codes = {
  unreachable: 'TEAMS_UNREACHABLE',
  busy: 'TEAMS_BUSY',
  unknown: 'TEAMS_REFUSED',
  refused: 'TEAMS_REFUSED',
} as const;

/** `sent`: the workflow has been started with it. A lost reply can make it appear twice. */
export function createTeamsCarrier({ webhookUrl }: TeamsSettings): Carrier {
  return {
    send: (message) =>
      postNotice({
        url: new URL(webhookUrl.reveal()),
        json: JSON.stringify(composeTeams(message)),
        receiver: 'the workflow',
        codes,
      }),
  };
}
