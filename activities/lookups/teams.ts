import { parse } from 'yaml';
import { z } from 'zod';

import type { Store } from '../../platform/store/store';

/** What is needed of a published team. It was checked when it was published. */
export const PublishedTeam = z.object({
  spec: z.object({ members: z.array(z.string()).default([]), secrets: z.array(z.string()).default([]) }),
});

const teamPrefix = 'team/';

/** What a team may use: as published at this moment, never as it was when the plan was made. */
export class Teams {
  constructor(private readonly store: Pick<Store, 'definitions'>) {}

  /** Prefixes of secret references. */
  async grants(reference: string): Promise<readonly string[]> {
    const name = reference.startsWith(teamPrefix) ? reference.slice(teamPrefix.length) : reference;
    const published = await this.store.definitions.get('Team', name);
    return published === null ? [] : PublishedTeam.parse(parse(published.text)).spec.secrets;
  }
}
