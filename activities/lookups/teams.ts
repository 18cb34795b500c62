import { parse } from 'yaml';
import { z } from 'zod';

import type { Store } from '../../platform/store/store';
import type { Lookups } from '../../workflows/effects';

/** What is needed of a published team. It was checked when it was published. */
const PublishedTeam = z.object({
  spec: z.object({ members: z.array(z.string()).default([]), secrets: z.array(z.string()).default([]) }),
});

const teamPrefix = 'team/';

/** Who belongs to a team, and what the team may use: as published at this moment, never as it was when the plan was made. */
export class Teams {
  constructor(private readonly store: Store) {}

  async members(reference: string): Promise<readonly string[]> {
    return (await this.#read(reference))?.members ?? [];
  }

  /** Prefixes of secret references. */
  async grants(reference: string): Promise<readonly string[]> {
    return (await this.#read(reference))?.secrets ?? [];
  }

  async #read(reference: string): Promise<z.infer<typeof PublishedTeam>['spec'] | null> {
    const name = reference.startsWith(teamPrefix) ? reference.slice(teamPrefix.length) : reference;
    const published = await this.store.definitions.get('Team', name);
    return published === null ? null : PublishedTeam.parse(parse(published.text)).spec;
  }
}

/** R-APPR: a candidate is a person, or a team whose member the person is now. */
export async function eligibility(
  teams: Teams,
  asked: Lookups['eligibility']['asked'],
): Promise<Lookups['eligibility']['answer']> {
  const { actor, candidates, requester, excludeRequester } = asked;
  if (excludeRequester && actor === requester) {
    return { eligible: false, reason: `Cannot answer as "${actor}": who requested the run may not decide` };
  }
  for (const candidate of candidates) {
    if (!candidate.startsWith(teamPrefix)) {
      if (candidate === actor) return { eligible: true, reason: `named as "${candidate}"` };
    } else if ((await teams.members(candidate)).includes(actor))
      return { eligible: true, reason: `member of "${candidate}"` };
  }
  const wanted = candidates.length === 0 ? 'nobody is named' : `asked are ${candidates.join(', ')}`;
  return { eligible: false, reason: `Cannot answer as "${actor}": ${wanted}` };
}
