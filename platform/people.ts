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
      zone: z.string().nullish(),
      active: z.boolean().default(true),
    })
    .prefault({}),
});

const prefix = 'user/';

/** People as published at this moment. Somebody without a document is active, and cannot be reached. */
export class People {
  constructor(private readonly definitions: Pick<Store['definitions'], 'get' | 'list'>) {}

  async find(reference: string): Promise<Person> {
    const login = reference.startsWith(prefix) ? reference.slice(prefix.length) : reference;
    const published = await this.definitions.get('Person', login);
    if (published === null)
      return { reference: `${prefix}${login}`, name: null, email: null, chat: null, zone: null, active: true };
    return readPerson(login, published.text);
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
  const { name, email, chat, zone, active } = PublishedPerson.parse(parse(text)).spec;
  return {
    reference: `${prefix}${login}`,
    name: name ?? null,
    email: email ?? null,
    chat: chat ?? null,
    zone: zone ?? null,
    active,
  };
}
