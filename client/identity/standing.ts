import { z } from 'zod';

import type { Seal } from '../../platform/seal';
import type { SessionRow } from '../../platform/store/access-row';

/** What those who know a person's groups said of them, and when: kept with the session, where only we can read it. */
export interface Standing {
  /** Null: nobody vouched for them but a link of ours. */
  readonly provider: ProviderStanding | null;
  /** Null: never heard. */
  readonly directory: Heard | null;
}

export interface ProviderStanding extends Heard {
  readonly subject: string;
  readonly idToken: string;
  readonly refreshToken: string | null;
  /** It was shown, and nobody knows whether it is used up. */
  readonly isDoubtful?: true;
  /** What the provider calls them, where that is not their login. */
  readonly calledThere?: string;
}

interface Heard {
  readonly groups: readonly string[];
  /** Epoch ms. */
  readonly at: number;
}

const HeardGroups = z.object({ groups: z.array(z.string()), at: z.number() });
const StandingText = z.object({
  provider: HeardGroups.extend({
    subject: z.string(),
    idToken: z.string(),
    refreshToken: z.string().nullable(),
    isDoubtful: z.literal(true).exactOptional(),
    calledThere: z.string().exactOptional(),
  }).nullable(),
  directory: HeardGroups.nullable(),
});

export function sealStanding(seal: Seal, standing: Standing): string {
  return seal.seal(JSON.stringify(standing));
}

export function openStanding(seal: Seal, { sealed }: Pick<SessionRow, 'sealed'>): Standing {
  return sealed === null ? { provider: null, directory: null } : StandingText.parse(JSON.parse(seal.open(sealed)));
}

export function groupsOf({ provider, directory }: Standing): readonly string[] {
  return [...new Set([...(provider?.groups ?? []), ...(directory?.groups ?? [])])].toSorted();
}
