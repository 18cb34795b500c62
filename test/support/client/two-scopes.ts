import { planBytes } from '../../../definitions/plan-hash';
import { sha256 } from '../../../activities/plans/plan-bundle';
import type { Store } from '../../../platform/store/store';
import { defaultPreferences } from '../../../workflows/domain/notice-delivery';
import { streamOf } from '../../../workflows/domain/streams';
import { changeOpened, changePlanned } from '../../platform/store/change-entries';
import {
  entry,
  hostEnded,
  runCreated,
  runEnded,
  stepEnded,
  stepStarted,
  taskOpened,
} from '../../platform/store/entries';
import { planBundle } from './plan';
import { grantText, publish } from './signed-in';

/** In everything of the service `pay`, and in nothing else: whoever may see the shop alone never meets it. */
export const canary = 'canarypay7f3a';

export interface Seeded {
  readonly run: string;
  readonly openRun: string;
  readonly number: number;
  readonly change: string;
  readonly task: string;
  readonly planDigest: string;
  readonly inventory: string;
  /** A login. */
  readonly person: string;
}

/** The same of two services: one run that has ended, one with an open task, a change, a runbook, an inventory, a lock. */
export async function seedTwoScopes(store: Store): Promise<{ readonly shop: Seeded; readonly pay: Seeded }> {
  const shop = await seedService(store, 'shop', { word: 'openshop', first: 1 });
  const pay = await seedService(store, 'pay', { word: canary, first: 11 });
  for (const role of ['viewer', 'operator', 'approver', 'author', 'manager', 'auditor'])
    await publish(store, grantText(`shop-${role}`, `{role: ${role}, people: [user/anna], where: {service: [shop]}}`));
  return { shop, pay };
}

async function seedService(
  store: Store,
  service: string,
  { word, first }: { readonly word: string; readonly first: number },
): Promise<Seeded> {
  const scope = { service: [service] };
  const bundle = planBundle(word);
  const bytes = planBytes(bundle.plan);
  const planDigest = sha256(bytes);
  const definition = {
    name: `deploy-${word}`,
    version: '1.0.0',
    digest: 'd1',
    title: `Deploy ${word}`,
    owner: 'team/web',
  };
  const created = { definition, planHash: bundle.plan.planHash, planDigest, inputs: { who: word }, scope };
  const [run, openRun, change] = [`r${service}ended0000`, `r${service}open00000`, `c00000000${service}`.slice(0, 13)];
  const failed = { code: 'COMMAND_FAILED', message: `Cannot deploy: ${word}` };
  await store.journal.append(
    streamOf(run),
    [
      runCreated({ ...created, number: first }),
      stepStarted(),
      hostEnded(`web-${word}`),
      hostEnded(`db-${word}`, { status: 'failed', changed: false, exitCode: 1, error: failed }),
      stepEnded({ status: 'failed', error: failed, outputs: { said: word } }),
      runEnded({ outcome: 'failed', error: failed, stateDigest: planDigest }),
    ],
    [bytes, ...Object.values(bundle.blobs)],
  );
  const address = { runId: run, path: 'install', phase: 'do', generation: 1 };
  await store.outputs.write(address, 'stdout', 0, Buffer.from(`${word}\n`.repeat(20)));
  const task = `${openRun}/approve`;
  await store.journal.append(streamOf(openRun), [
    runCreated({ ...created, number: first + 1 }),
    entry('run.started', { resumed: false }, { at: 1_500 }),
    taskOpened({ id: task, title: `Go on with ${word}?`, candidates: ['user/anna', 'user/ben'] }),
  ]);
  await store.journal.append(streamOf(change), [
    changeOpened(first, {
      title: `Change ${word}`,
      scope,
      draft: { model: 'change/normal', runbook: 'deploy', title: word },
    }),
    changePlanned([`service/${word}`]),
  ]);
  const lock = { runId: openRun, path: 'deploy', names: [`service/${word}`], token: first };
  await store.journal.append('locks', [entry('lock.granted', lock, { key: `granted/${openRun}` })]);
  const labels = `labels: {service: ${service}}`;
  await publish(
    store,
    `apiVersion: mainstay/v1\nkind: Inventory\nmetadata: {name: hosts-${service}, ${labels}}\nspec: {hosts: [{name: host-${word}}]}\n---\n` +
      `apiVersion: mainstay/v1\nkind: Team\nmetadata: {name: team-${word}, ${labels}}\nspec: {members: [user/anna]}\n---\n` +
      `apiVersion: mainstay/v1\nkind: Person\nmetadata: {name: person-${word}, ${labels}}\nspec: {name: ${word}}\n`,
  );
  const person = `person-${word}`;
  await store.logins.claim({ issuer: 'https://id.example', subject: `s-${word}`, login: person, at: 1_000 });
  const quiet = { from: '22:00', to: '07:00' };
  await store.preferences.set(person, { ...defaultPreferences, quiet }, { actor: 'user/anna', via: 'api', at: 1_000 });
  await seedNotice(store, `user/${person}`, word);
  return { run, openRun, number: first, change, task, planDigest, inventory: `hosts-${service}`, person };
}

/** That the run has failed could not be told to somebody. */
async function seedNotice(store: Store, recipient: string, word: string): Promise<void> {
  const turn = { now: Date.now(), leaseMs: 0, limit: 100 };
  for (const notice of await store.notices.take(turn)) {
    const delivery = { recipient, channel: 'mail', at: 1_000, isGathered: false, vote: null } as const;
    if (notice.what === 'run.failed' && notice.channel === null) await store.notices.address(notice, [delivery], 1_000);
  }
  const failed = { kind: 'failed', code: 'MAIL_REFUSED', reason: `550 no ${word}`, at: 1_000 } as const;
  const sent = (await store.notices.take(turn)).filter((notice) => notice.recipient === recipient);
  await store.notices.settle(sent, failed);
}
