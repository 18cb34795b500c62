import { createRegistry } from '../../../client/published-registry';
import type { Store } from '../../../platform/store/store';
import type { Role, Selector } from '../../../workflows/domain/authorization';
import { authorized } from './api';
import type { TestApi } from './api';

export interface Person {
  readonly person: string;
  readonly roles?: readonly Role[];
  readonly where?: Selector;
}

/** What a browser of somebody who has signed in by a link sends with its requests. */
export interface Browser {
  readonly cookie: string;
  readonly 'x-csrf-token': string;
}

export async function linkFor(api: TestApi, person: Person): Promise<string> {
  const link = await api.app.inject({
    method: 'POST',
    url: '/api/v1/sign-in-links',
    headers: authorized,
    payload: person,
  });
  return link.json().code;
}

export async function signedIn(api: TestApi, person: Person): Promise<Browser> {
  const session = await api.app.inject({
    method: 'POST',
    url: '/api/v1/sessions',
    payload: { code: await linkFor(api, person) },
  });
  const [cookie] = session.cookies;
  if (cookie === undefined) throw new Error(`Cannot sign in "${person.person}": ${session.body}`);
  return { cookie: `${cookie.name}=${cookie.value}`, 'x-csrf-token': session.json().csrf };
}

export function grantText(name: string, spec: string): string {
  return `apiVersion: mainstay/v1\nkind: Grant\nmetadata: {name: ${name}}\nspec: ${spec}\n`;
}

export async function publish(store: Store, text: string): Promise<void> {
  await createRegistry(store).apply([{ name: 'given.yaml', text, files: {} }], { actor: 'user/root', via: 'test' });
}
