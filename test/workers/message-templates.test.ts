import type { CarrierResult, NoticeMessage } from '../../activities/notice-message';
import { createLogger } from '../../platform/logger';
import { deliverDue } from '../../workers/courier';
import { runCreated, runEnded } from '../platform/store/entries';
import { publish } from '../support/client/signed-in';
import { openVoting } from '../support/voting';
import type { VotingScene } from '../support/voting';

let scene: VotingScene;
let sent: { readonly channel: string; readonly message: NoticeMessage }[];
let logged: string[];

beforeEach(async () => {
  scene = await openVoting({ show: { difference: 'one more host' } });
  [sent, logged] = [[], []];
});

afterEach(() => scene.close());

function carrier(channel: string) {
  return {
    async send(message: NoticeMessage): Promise<CarrierResult> {
      sent.push({ channel, message });
      return { kind: 'sent' };
    },
  };
}

/** What anna is told, by channel. */
async function told(kind: string): Promise<{ readonly [channel: string]: NoticeMessage }> {
  const parts = {
    store: scene.store,
    people: scene.people,
    audience: () => Promise.resolve([]),
    carriers: { mail: carrier('mail'), webhook: carrier('webhook') },
    mail: { from: 'Mainstay <mainstay@example.org>', replyTo: 'approvals@example.org' },
    hasButtons: false,
    publicUrl: 'https://m.example',
    voteKey: scene.voteKey,
    logger: createLogger('test', 'warn', { write: (line) => void logged.push(line) }),
    now: scene.now,
  };
  while ((await deliverDue(parts)) > 0);
  const hers = sent.filter(({ message }) => message.kind === kind && message.name === 'Anna');
  return Object.fromEntries(hers.map(({ channel, message }) => [channel, message]));
}

function templateText(name: string, spec: string): string {
  return `apiVersion: mainstay/v1\nkind: MessageTemplate\nmetadata: {name: ${name}}\nspec: {${spec}}\n`;
}

async function failRun(): Promise<void> {
  const error = { code: 'COMMAND_FAILED', message: 'exit code 3' };
  await scene.store.journal.append('run/r2', [
    runCreated({ number: 2 }, scene.now()),
    runEnded({ outcome: 'failed', error }, scene.now()),
  ]);
}

test('a message comes in the words of the template for its channel, and else in those for all', async () => {
  const subject = "subject: 'Run ${{ run.number }}: ${{ run.error }}', text: 'Hello ${{ person.login }}.'";
  await publish(scene.store, templateText('all', `notice: run.failed, ${subject}`));
  await publish(scene.store, templateText('mail', "notice: run.failed, channels: [mail], text: '${{ about.link }}'"));
  await failRun();

  const { mail, webhook } = await told('run.failed');

  expect(webhook).toMatchObject({ subject: 'Run 2: exit code 3', opening: ['Hello anna.'], title: 'Upgrade (run 2)' });
  expect(mail).toMatchObject({ subject: 'Failed: Upgrade (run 2)', opening: ['https://m.example/runs/2'] });
});

test('what is asked, what is special about it, and the ways to answer stay, whatever a template says', async () => {
  await publish(scene.store, templateText('vote', 'notice: task.opened, text: Please.'));

  const { mail } = await told('task.opened');

  expect(mail).toMatchObject({ subject: 'Approve? Release 1.2 [r1-1]', title: 'Release 1.2' });
  expect(mail?.opening).toEqual(['Please.', expect.stringContaining('votes that were given before are void')]);
  expect(mail?.choices.map(({ choice }) => choice)).toEqual(['approve', 'reject']);
  expect(mail?.replyTo).not.toBeNull();
});

test('a template that cannot be filled in is logged, and the message comes in its own words', async () => {
  await publish(scene.store, templateText('wrong', 'notice: run.failed, text: "${{ about.facts[\'Mood\'] }}"'));
  await failRun();

  const { mail } = await told('run.failed');

  expect(mail).toMatchObject({ opening: ['a run has failed.'] });
  expect(logged.join('')).toContain('"template":"wrong"');
});

test('a newer version that is not active words nothing any more', async () => {
  await publish(scene.store, templateText('all', 'notice: run.failed, text: Words.'));
  await publish(scene.store, templateText('all', 'notice: run.failed, text: Words., active: false'));
  await failRun();

  expect((await told('run.failed'))['mail']).toMatchObject({ opening: ['a run has failed.'] });
});

test('a second template for the same messages is refused when it is published, with the name of the first', async () => {
  await publish(scene.store, templateText('all', 'notice: run.failed, text: Words.'));

  const second = publish(scene.store, templateText('others', 'notice: run.failed, text: Other words.'));

  await expect(second).rejects.toMatchObject({
    extra: { detail: { problems: [expect.objectContaining({ code: 'TEMPLATE_TAKEN' })] } },
  });
});
