import { parse } from 'yaml';
import { z } from 'zod';

import type { Store } from '../../platform/store/store';
import { PublishedTeam } from './teams';

/** What is needed of published people and rosters. They were checked when they were published. */
const PublishedPerson = z.object({
  spec: z.object({
    active: z.boolean().default(true),
    manager: z.string().exactOptional(),
    zone: z.string().default('UTC'),
    delegations: z.array(z.object({ to: z.string(), start: z.string(), end: z.string() })).default([]),
  }),
});
export type DirectoryPerson = z.infer<typeof PublishedPerson>['spec'];

const PublishedRoster = z.object({
  spec: z.object({
    zone: z.string(),
    people: z.array(z.string()),
    start: z.string(),
    every: z.string(),
    overrides: z.array(z.object({ start: z.string(), end: z.string(), person: z.string() })).default([]),
  }),
});
type DirectoryRoster = z.infer<typeof PublishedRoster>['spec'];

/** Whoever has no document is active, has no manager, and has delegated to nobody. */
const unknownPerson: DirectoryPerson = { active: true, zone: 'UTC', delegations: [] };

/** People, teams and rosters as published at this moment; each is read once, so that one answer is of one piece. */
export class Directory {
  readonly #read = new Map<string, Promise<unknown>>();

  constructor(private readonly store: Pick<Store, 'definitions'>) {}

  /** `user/anna`. */
  async person(reference: string): Promise<DirectoryPerson> {
    const document = await this.#document('Person', reference);
    return document === null ? unknownPerson : PublishedPerson.parse(document).spec;
  }

  /** `team/web`; null: no such team was published. */
  async members(reference: string): Promise<readonly string[] | null> {
    const document = await this.#document('Team', reference);
    return document === null ? null : PublishedTeam.parse(document).spec.members;
  }

  /** `on-call/shop`; null: no such roster was published. */
  async roster(reference: string): Promise<DirectoryRoster | null> {
    const document = await this.#document('Roster', reference);
    return document === null ? null : PublishedRoster.parse(document).spec;
  }

  #document(kind: string, reference: string): Promise<unknown> {
    const name = reference.slice(reference.indexOf('/') + 1);
    const key = `${kind}/${name}`;
    const known = this.#read.get(key);
    if (known !== undefined) return known;
    const reading = this.store.definitions
      .get(kind, name)
      .then((published) => (published === null ? null : parse(published.text)));
    this.#read.set(key, reading);
    return reading;
  }
}
