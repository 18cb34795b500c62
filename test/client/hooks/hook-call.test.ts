import { createHash, createHmac } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { GrantBook } from '../../../client/access-grants';
import { takeCall } from '../../../client/hooks/hook-call';
import type { HookPlace } from '../../../client/hooks/hook-call';
import { teamSecrets } from '../../../client/hooks/published-hooks';
import { signedWith } from '../../../platform/webhook-signature';
import { createRegistry } from '../../../client/published-registry';
import { createEngine } from '../../../client/run-engine';
import { Secret } from '../../../platform/secret';
import { createSecrets } from '../../../platform/secrets';
import { openStore } from '../../../platform/store/open';
import type { Store } from '../../../platform/store/store';
import { fakeGateway } from '../../support/client/fake-gateway';
import type { FakeGateway } from '../../support/client/fake-gateway';

const secret = new Secret('whsec_c2hhcmVkIHNlY3JldA==');
const oldSecret = new Secret('the old one');
const nowMs = 1_800_000_000_000;

const definitions = `
apiVersion: mainstay/v1
kind: Team
metadata: { name: web, version: 1.0.0 }
spec: { members: [user/anna], secrets: ['env:SHOP_'] }
---
apiVersion: mainstay/v1
kind: Runbook
metadata: { name: release, version: 1.0.0, title: Release, owner: team/web, labels: { service: shop } }
spec:
  inputs: { version: { type: string } }
  steps: [{ id: note, set: { done: '\${{ inputs.version }}' } }]
---
apiVersion: mainstay/v1
kind: Hook
metadata: { name: released, version: 1.0.0, owner: team/web }
spec:
  auth: { standard: [env:SHOP_HOOK, env:SHOP_OLD] }
  when: "\${{ body.action == 'released' }}"
  key: "\${{ body.version }}"
  start: { runbook: release, inputs: { version: 'v\${{ body.version }}' } }
---
apiVersion: mainstay/v1
kind: Hook
metadata: { name: each, version: 1.0.0, owner: team/web }
spec:
  auth: { standard: env:SHOP_HOOK }
  start: { runbook: release, inputs: { version: '\${{ body.version }}' } }
---
apiVersion: mainstay/v1
kind: Hook
metadata: { name: done, version: 1.0.0, owner: team/web }
spec:
  auth: { token: env:SHOP_OLD }
  key: '\${{ body.id }}'
  signal: { run: '\${{ body.run }}', name: deployed, data: { by: '\${{ body.by }}' } }
---
apiVersion: mainstay/v1
kind: Hook
metadata: { name: github, version: 1.0.0, owner: team/web }
spec:
  auth: { github: [env:SHOP_HOOK, env:SHOP_OLD] }
  when: "\${{ headers['x-github-event'] == 'release' }}"
  start: { runbook: release, inputs: { version: '\${{ body.version }}' } }
---
apiVersion: mainstay/v1
kind: Hook
metadata: { name: gitlab, version: 1.0.0, owner: team/web }
spec:
  auth: { token: env:SHOP_OLD, header: X-Gitlab-Token }
  when: "\${{ headers['x-gitlab-event'] == 'Release Hook' }}"
  start: { runbook: release, inputs: { version: '\${{ string(size(headers)) }}' } }
---
apiVersion: mainstay/v1
kind: Hook
metadata: { name: stray, version: 1.0.0, owner: team/web }
spec:
  auth: { token: env:OTHER }
  start: { runbook: release }
`;

/** As hooks were published before the check told of it. */
const forged = `apiVersion: mainstay/v1
kind: Hook
metadata: { name: forged, version: 1.0.0, owner: team/web }
spec:
  auth: { standard: env:SHOP_HOOK }
  start: { runbook: release, inputs: { version: '\${{ headers["x-version"] }}' } }
`;

let folder: string;
let store: Store;
let gateway: FakeGateway;
let place: HookPlace;
/** Grants that were read a moment ago are not read again. */
let grantsAtMs = 0;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mainstay-hooks-'));
  await open();
  await publish(definitions);
});

afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

/** As after a restart: everything but the file is new. */
async function open(): Promise<void> {
  store = await openStore({ kind: 'libsql', file: join(folder, 'store.db') });
  gateway = fakeGateway();
  place = {
    store,
    engine: createEngine({ store, gateway, now: () => nowMs }),
    registry: createRegistry(store),
    secrets: createSecrets({
      vault: { address: null, token: null, namespace: null },
      environment: (name) => ({ SHOP_HOOK: secret, SHOP_OLD: oldSecret, OTHER: secret })[name] ?? null,
      grants: (owner) => teamSecrets(store, owner),
    }),
    grants: new GrantBook(store, () => grantsAtMs),
    now: () => nowMs,
  };
}

async function publish(text: string): Promise<void> {
  await createRegistry(store).apply([{ name: 'all.yaml', text, files: {} }], { actor: 'user/anna', via: 'cli' });
}

interface Sent {
  readonly name?: string;
  readonly body?: string;
  readonly id?: string;
  readonly at?: number;
  readonly by?: Secret;
  readonly headers?: { readonly [name: string]: string };
  /** Of another body than the one that is sent. */
  readonly signed?: string;
}

const release = '{"action":"released","version":"7"}';

function send(sent: Sent = {}) {
  const { name = 'released', body = release, id = 'msg_1', at = nowMs, by = secret, signed = body } = sent;
  const timestamp = String(Math.floor(at / 1_000));
  const signature = signedWith({ id, timestamp, body: Buffer.from(signed) }, by);
  const headers = { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signature, ...sent.headers };
  return takeCall(place, { name, headers, body: Buffer.from(body) });
}

function bearer(text: string): { readonly headers: { readonly [name: string]: string } } {
  return { headers: { authorization: `Bearer ${text}` } };
}

test('a call that is signed starts the run, with inputs from what was sent, in the name of the hook', async () => {
  const outcome = await send();

  expect(outcome).toEqual({ outcome: 'started', run: 1, id: gateway.started[0]?.input.run.id, duplicate: false });
  expect(await store.views.run(gateway.started[0]?.input.run.id ?? '')).toMatchObject({
    requester: 'service/hook-released',
    inputs: { version: 'v7' },
  });
});

test.each<[string, Sent]>([
  ['another secret', { by: new Secret('guessed') }],
  ['another body', { signed: '{"action":"released","version":"6"}' }],
  ['a time that is long past', { at: nowMs - 6 * 60_000 }],
  ['a time that is still to come', { at: nowMs + 6 * 60_000 }],
  ['no id', { id: '' }],
  ['a signature of another version', { headers: { 'webhook-signature': 'v2,AAAA' } }],
  ['nothing', { headers: { 'webhook-signature': '', 'webhook-timestamp': 'soon' } }],
])('a call signed with %s is refused, and nothing comes of it', async (_what, sent) => {
  await expect(send(sent)).rejects.toMatchObject({ code: 'HOOK_REFUSED' });
  expect(gateway.started).toEqual([]);
});

test('while a secret is being changed the old one and the new one will do', async () => {
  await send({ by: oldSecret });

  expect(gateway.started).toHaveLength(1);
});

test('a call for which the condition is not true is taken, and nothing comes of it', async () => {
  expect(await send({ body: '{"action":"opened","version":"7"}' })).toEqual({ outcome: 'ignored' });
  expect(gateway.started).toEqual([]);
});

test('a key gives one run, also after a restart, and whatever the runbook has become', async () => {
  const first = await send();
  const again = await send({ id: 'msg_2' });
  await store.close();
  await open();
  await publish(definitions.replaceAll('version: 1.0.0, title: Release', 'version: 1.1.0, title: Released'));
  const later = await send({ id: 'msg_3' });
  const other = await send({ id: 'msg_4', body: release.replace('7', '8') });

  expect([again, later]).toEqual([
    { ...first, duplicate: true },
    { ...first, duplicate: true },
  ]);
  expect(other).toMatchObject({ outcome: 'started', run: 2, duplicate: false });
});

test('a key that is sent many times at once gives one run', async () => {
  const outcomes = await Promise.all(Array.from({ length: 8 }, (_, index) => send({ id: `msg_${index}` })));

  expect(new Set(outcomes.map((each) => ('id' in each ? each.id : '')))).toHaveProperty('size', 1);
  expect(await store.views.runs({ limit: 10 })).toHaveLength(1);
});

test('without a key a message that is sent again is the same call, and another one is another', async () => {
  const sent = { name: 'each' };
  const [first, again, other] = [await send(sent), await send(sent), await send({ ...sent, id: 'msg_2' })];

  expect(again).toEqual({ ...first, duplicate: true });
  expect(other).toMatchObject({ run: 2, duplicate: false });
});

test('a token tells a run what happened, under the key', async () => {
  await send();
  const body = '{"id":41,"run":1,"by":"ci"}';

  const outcome = await send({ name: 'done', body, ...bearer('the old one') });

  const { id } = gateway.started[0]?.input.run ?? {};
  expect(outcome).toEqual({ outcome: 'signalled', run: 1, id });
  expect(gateway.told).toMatchObject([
    { runId: id, event: { name: 'deployed', data: { by: 'ci' }, id: 'hook/done/key/41' } },
  ]);
});

test.each(['another one', ''])('a call with the token %j is refused', async (token) => {
  await expect(send({ name: 'done', ...bearer(token) })).rejects.toMatchObject({ code: 'HOOK_REFUSED' });
});

test('with the first grant a hook may what was granted to it, and where', async () => {
  await publish(grantTo('user/ben'));
  grantsAtMs += 1_000;
  await expect(send()).rejects.toMatchObject({ code: 'FORBIDDEN' });

  await publish(grantTo('service/hook-released', 'bank'));
  grantsAtMs += 1_000;
  await expect(send()).rejects.toMatchObject({ code: 'FORBIDDEN' });

  await publish(grantTo('service/hook-released', 'shop'));
  grantsAtMs += 1_000;
  expect(await send()).toMatchObject({ outcome: 'started' });
});

function grantTo(person: string, service?: string): string {
  const where = service === undefined ? '' : `, where: { service: [${service}] }`;
  return `
apiVersion: mainstay/v1
kind: Grant
metadata: { name: hooks }
spec: { role: operator, people: [${person}]${where} }
`;
}

test.each<[string, string, Sent]>([
  ['an unknown hook', 'HOOK_NOT_FOUND', { name: 'none' }],
  ['a secret that its team was not given', 'HOOK_SECRET_UNAVAILABLE', { name: 'stray', ...bearer('x') }],
  ['a body without what the key reads', 'HOOK_FAILED', { body: '{"action":"released"}' }],
  ['a body that is no JSON', 'HOOK_FAILED', { body: 'version=7' }],
  ['a body that is nested too deeply', 'HOOK_FAILED', { body: `${'['.repeat(5_000)}${']'.repeat(5_000)}` }],
  ['an unknown run', 'RUN_NOT_FOUND', { name: 'done', body: '{"id":1,"run":99,"by":"x"}', ...bearer('the old one') }],
])('%s is refused with %s', async (_what, code, sent) => {
  await expect(send(sent)).rejects.toMatchObject({ code });
});

describe('as GitHub calls', () => {
  const githubSecret = 'the old one';

  function github(
    sent: {
      readonly delivery?: string;
      readonly event?: string;
      readonly by?: string;
      readonly body?: string;
      readonly signed?: string;
    } = {},
  ) {
    const { delivery = 'd1', event = 'release', by = githubSecret, body = release, signed = release } = sent;
    const signature = `sha256=${createHmac('sha256', by).update(signed).digest('hex')}`;
    const headers = { 'x-hub-signature-256': signature, 'x-github-delivery': delivery, 'x-github-event': event };
    return takeCall(place, { name: 'github', headers, body: Buffer.from(body) });
  }

  test('a delivery starts a run, once for its body: its id is not signed, and who has recorded it may send another', async () => {
    const first = await github();
    const again = await github();
    const replayed = await github({ delivery: 'd2' });
    const body = release.replace('7', '8');
    const other = await github({ body, signed: body });

    expect(first).toMatchObject({ outcome: 'started', run: 1, duplicate: false });
    expect([again, replayed]).toEqual([
      { ...first, duplicate: true },
      { ...first, duplicate: true },
    ]);
    expect(other).toMatchObject({ run: 2, duplicate: false });
  });

  test('what start reads as the id of a delivery is made from its body', async () => {
    await publish(
      definitions
        .replaceAll('version: 1.0.0', 'version: 1.1.0')
        .replaceAll("version: '${{ body.version }}'", "version: '${{ id }}'"),
    );

    await github({ delivery: 'd2' });

    const id = createHash('sha256').update(release).digest('hex');
    expect(gateway.started[0]?.input.program.inputs).toEqual({ version: id });
  });

  test('another event is taken, and nothing comes of it', async () => {
    expect(await github({ event: 'push' })).toEqual({ outcome: 'ignored' });
  });

  test.each([
    ['another secret', { by: 'guessed' }],
    ['another body', { body: release.replace('7', '8') }],
  ])('a delivery that is signed with %s is refused', async (_what, sent) => {
    await expect(github(sent)).rejects.toMatchObject({ code: 'HOOK_REFUSED' });
    expect(gateway.started).toEqual([]);
  });
});

test.each([
  ['the token', 'the old one', 'started'],
  ['another token', 'guessed', 'HOOK_REFUSED'],
  ['no token', '', 'HOOK_REFUSED'],
])('as GitLab calls, with %s in its own header', async (_what, token, expected) => {
  const headers = { 'x-gitlab-token': token, 'x-gitlab-event': 'Release Hook' };
  const called = takeCall(place, { name: 'gitlab', headers, body: Buffer.from('{}') }).then(
    ({ outcome }) => outcome,
    (error: unknown) => Reflect.get(Object(error), 'code'),
  );

  expect(await called).toBe(expected);
  // The token itself is no business of expressions: only the name of the event is left.
  if (expected === 'started') expect(gateway.started[0]?.input.program.inputs).toEqual({ version: '1' });
});

test('what the signature does not cover is not read, whatever a hook says that was published before', async () => {
  const digest = createHash('sha256').update(forged).digest('hex');
  await store.definitions.publish(
    { kind: 'Hook', name: 'forged', version: '1.0.0', digest, text: forged, files: {} },
    { actor: 'user/anna', via: 'test', at: 1 },
  );
  await expect(send({ name: 'forged', headers: { 'x-version': '9' } })).rejects.toMatchObject({ code: 'HOOK_FAILED' });
  expect(gateway.started).toEqual([]);
});
