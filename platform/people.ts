import { parse } from 'yaml';
import { z } from 'zod';

import type { Store } from './store/store';

/** How somebody is reached. */
export interface Person {
  /** `user/anna`. */
  readonly reference: string;
  readonly name: string | null;
  readonly email: string | null;
  readonly chat: string | null;
  /** How their name is written in Teams. */
  readonly teams: string | null;
  /** `@anna:example.org`, or `!room:example.org` for a room that is theirs alone. */
  readonly matrix: string | null;
  /** A topic that only they read. */
  readonly ntfy: string | null;
  /** IANA name. */
  readonly zone: string | null;
  /** False: has left. */
  readonly active: boolean;
}

/** What is needed of a published person. It was checked when it was published. */
const PublishedPerson = z.object({
  spec: z
    .looseObject({
      name: z.string().nullish(),
      email: z.string().nullish(),
      chat: z.string().nullish(),
      teams: z.string().nullish(),
      matrix: z.string().nullish(),
      ntfy: z.string().nullish(),
      zone: z.string().nullish(),
      active: z.boolean().default(true),
    })
    .prefault({}),
});

const prefix = 'user/';
const nowhere = { email: null, chat: null, teams: null, matrix: null, ntfy: null } as const;

/** People as published at this moment. Somebody without a document is active, and cannot be reached. */
export class People {
  constructor(private readonly definitions: Pick<Store['definitions'], 'get' | 'list'>) {}

  async find(reference: string): Promise<Person> {
    const login = reference.startsWith(prefix) ? reference.slice(prefix.length) : reference;
    const published = await this.definitions.get('Person', login);
    return published === null
      ? { ...nowhere, reference: `${prefix}${login}`, name: null, zone: null, active: true }
      : readPerson(login, published.text);
  }

  /** Null: nobody, or more than one, has this name in the chat. */
  async findByChat(chat: string): Promise<Person | null> {
    const newest = new Map<string, string>();
    // Oldest version first: the last one of a name stands.
    for (const { name, text } of await this.definitions.list({ kind: 'Person' })) newest.set(name, text);
    const found = [...newest].map(([login, text]) => readPerson(login, text)).filter((person) => person.chat === chat);
    const [only, ...others] = found;
    return only === undefined || others.length > 0 ? null : only;
  }
}

/** A person as the text says that was published under this login. */
export function readPerson(login: string, text: string): Person {
  const { name, email, chat, teams, matrix, ntfy, zone, active } = PublishedPerson.parse(parse(text)).spec;
  return {
    reference: `${prefix}${login}`,
    name: name ?? null,
    email: email ?? null,
    chat: chat ?? null,
    teams: teams ?? null,
    matrix: matrix ?? null,
    ntfy: ntfy ?? null,
    zone: zone ?? null,
    active,
  };
}

const addresses = {
  mail: ({ email }) => email,
  chat: ({ chat }) => chat,
  teams: ({ teams }) => teams,
  matrix: ({ matrix }) => matrix,
  ntfy: ({ ntfy }) => ntfy,
  // Its receiver is a program, which is told who is meant.
  webhook: ({ reference }) => reference,
} as const satisfies { readonly [channel: string]: (person: Person) => string | null };

type Channel = keyof typeof addresses;

/** Settings or carriers of the channels that are set up. `common`: where those are told who have no address of their own. */
interface ChannelsSetUp {
  readonly mail?: object | null;
  readonly chat?: object | null;
  readonly teams?: object | null;
  readonly matrix?: object | null;
  readonly ntfy?: { readonly common?: string | null } | null;
  readonly webhook?: object | null;
}

/** Null: the channel is not set up, or nothing of the person is known in it. */
export function addressOf(person: Person, channel: Channel, channels: ChannelsSetUp): string | null {
  if (channels[channel] == null) return null;
  return addresses[channel](person) ?? (channel === 'ntfy' ? (channels.ntfy?.common ?? null) : null);
}

/** By which channels somebody can be told as things are. */
export function reachable(person: Person, channels: ChannelsSetUp): readonly Channel[] {
  const all = ['mail', 'chat', 'teams', 'matrix', 'ntfy', 'webhook'] as const;
  return all.filter((channel) => addressOf(person, channel, channels) !== null);
}
