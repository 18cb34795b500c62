import type { Grant } from '../workflows/domain/authorization';
import { loadText } from '../definitions/load';
import type { LoadedDocument, LoadedGrant } from '../definitions/document';
import type { SignInCode } from '../platform/store/access-row';
import type { Store } from '../platform/store/store';

/** Somebody, as far as grants go by it. */
export interface Grantee extends SignInCode {
  /** What a directory or a sign-in says that they belong to. */
  readonly groups: readonly string[];
}

/** A change of what is published takes effect within this time. */
const staleAfterMs = 500;

interface Published {
  readonly grants: readonly LoadedGrant[];
  /** By team, its members. */
  readonly members: ReadonlyMap<string, readonly string[]>;
  /** People who have left, in small letters: however a provider writes a login, it is one person's. */
  readonly left: ReadonlySet<string>;
}

/**
 * Who has which role, as it is published now.
 *
 * - G1 No grant published: the installation is open to whoever holds the admin token, and to whom they sign in.
 * - G2 With the first grant it is closed: what nobody was granted, nobody may. What a link or a token itself gives stays given.
 * - G3 Who has left may nothing.
 */
export class GrantBook {
  #published: Promise<Published> | null = null;
  #readUpTo = -1;
  #looked: { readonly atMs: number; readonly published: Promise<Published> } | null = null;

  constructor(
    private readonly store: Pick<Store, 'definitions' | 'journal'>,
    private readonly now: () => number,
  ) {}

  /** G3: such a one is nobody, whatever they show. */
  async hasLeft(actor: string): Promise<boolean> {
    return isAmong((await this.#current()).left, actor);
  }

  async grantsOf({ actor, given, groups }: Grantee): Promise<readonly Grant[]> {
    const { grants, members, left } = await this.#current();
    if (isAmong(left, actor)) return [];
    const own = given ?? (grants.length === 0 ? everything : []);
    const granted = grants.filter(({ spec: { people = [], teams = [], groups: named = [] } }) => {
      const isMember = teams.some((team) => members.get(team)?.includes(actor) === true);
      return people.includes(actor) || isMember || named.some((group) => groups.includes(group));
    });
    return [...own, ...granted.map(({ spec }) => ({ role: spec.role, where: spec.where ?? null }))];
  }

  /** Asked by every request: the journal is looked at now and then, the definitions when it says that they have changed. */
  #current(): Promise<Published> {
    const atMs = this.now();
    if (this.#looked !== null && atMs - this.#looked.atMs < staleAfterMs) return this.#looked.published;
    const published = this.#look();
    this.#looked = { atMs, published };
    published.catch(() => {
      this.#looked = null;
    });
    return published;
  }

  async #look(): Promise<Published> {
    const { count } = await this.store.journal.head(stream);
    if (this.#published === null || (await this.#hasChanged(count))) {
      const published = readPublished(this.store);
      published.catch(() => {
        this.#published = null;
      });
      this.#published = published;
    }
    this.#readUpTo = count;
    return this.#published;
  }

  /** Much stands in this stream that is no definition: messages sent, answers refused. */
  async #hasChanged(count: number): Promise<boolean> {
    if (count === this.#readUpTo) return false;
    const after = this.#readUpTo;
    return (await this.store.journal.read(stream, { after, kinds: ['definition.published'], limit: 1 })).length > 0;
  }
}

const stream = 'system';

/** G1. */
const everything: readonly Grant[] = [{ role: 'admin', where: null }];

async function readPublished({ definitions }: Pick<Store, 'definitions'>): Promise<Published> {
  const read = async (kind: string): Promise<readonly LoadedDocument[]> => {
    const newest = new Map<string, string>();
    // Oldest version first: the last one of a name stands.
    for (const { name, text } of await definitions.list({ kind })) newest.set(name, text);
    return [...newest].flatMap(([name, text]) => loadText(name, text).documents);
  };
  const documents = [...(await read('Grant')), ...(await read('Team')), ...(await read('Person'))];
  const members = new Map<string, readonly string[]>();
  const left = new Set<string>();
  const grants: LoadedGrant[] = [];
  for (const document of documents) {
    if (document.kind === 'Grant') grants.push(document);
    if (document.kind === 'Team') members.set(`team/${document.metadata.name}`, document.spec.members);
    if (document.kind === 'Person' && document.spec.active === false)
      left.add(smallLetters(`user/${document.metadata.name}`));
  }
  return { grants, members, left };
}

function isAmong(left: Published['left'], actor: string): boolean {
  return left.has(smallLetters(actor));
}

function smallLetters(actor: string): string {
  return actor.toLowerCase();
}
