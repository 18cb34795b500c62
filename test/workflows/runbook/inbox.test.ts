import type { OpenTask } from '../../../workflows/domain/quorum';
import type { Answer } from '../../../workflows/domain/task';
import type { Effects, NewEntry } from '../../../workflows/effects';
import { handleAnswer } from '../../../workflows/runbook/inbox';
import { fakeRun } from './fake-effects';
import type { FakeRun } from './fake-effects';

const answer: Answer = {
  taskId: 't1',
  id: 'a1',
  actor: 'user/ben',
  via: 'admin-token',
  choice: 'done',
  comment: '',
  form: null,
};

function openTask(over: Partial<OpenTask['task']> = {}): OpenTask {
  const task = {
    id: 't1',
    kind: 'manual',
    path: 'ok',
    title: 'Go on?',
    candidates: ['user/ben', 'user/cem'],
    options: ['done', 'fail'],
    min: 1,
    rejectOn: 1,
    excludeRequester: true,
    form: null,
    show: {},
    dueAt: null,
    onDue: null,
    hosts: [],
    planHash: 'hash',
    showHash: '',
    openedAt: 0,
    ...over,
  } as const;
  return { task, votes: [], closed: null };
}

interface Handling {
  readonly run: FakeRun;
  readonly effects: Effects;
  readonly entries: Pick<NewEntry<'vote.cast'>, 'actor' | 'via'>[];
  /** How many answers counted when the journal was written. */
  readonly countedThen: number[];
}

/** `whileWriting` happens while the answer is on its way to the journal. */
function handling(whileWriting: (run: FakeRun) => void = () => {}): Handling {
  const run = fakeRun();
  run.state.tasks['t1'] = openTask();
  const entries: Handling['entries'] = [];
  const countedThen: number[] = [];
  const effects: Effects = {
    ...run.effects,
    record(entry) {
      run.effects.record(entry);
      entries.push(entry);
    },
    async flush() {
      await run.effects.flush();
      countedThen.push(run.state.tasks['t1']?.votes.length ?? -1);
      whileWriting(run);
    },
  };
  return { run, effects, entries, countedThen };
}

// D9: eligible now? → vote.cast → is the task still open? → it decides.
describe('handleAnswer() (D9)', () => {
  test('journals an answer with who gave it and how, and counts it only then', async () => {
    const { run, effects, entries, countedThen } = handling();

    const result = await handleAnswer(run, answer, effects);

    expect(result).toEqual({ accepted: true, decided: true, choice: 'done', recorded: 'done' });
    expect(run.asked).toEqual(['record vote.cast', 'flush']);
    expect(entries).toMatchObject([{ kind: 'vote.cast', actor: 'user/ben', via: 'admin-token', payload: answer }]);
    expect(countedThen).toEqual([0]);
  });

  test('refuses an answer whose task was closed while it was on its way, and journals the refusal', async () => {
    const { run, effects, entries } = handling((during) => {
      const task = during.state.tasks['t1'] ?? openTask();
      during.state.tasks['t1'] = { ...task, closed: { choice: 'fail', by: [] } };
    });

    const result = await handleAnswer(run, answer, effects);

    expect(result).toMatchObject({ accepted: false, code: 'TASK_CLOSED' });
    expect(run.state.tasks['t1']).toMatchObject({ votes: [], closed: { choice: 'fail' } });
    expect(entries).toMatchObject([{ kind: 'vote.cast' }, { kind: 'task.refused', actor: 'user/ben' }]);
  });

  test('neither journals nor counts the answer of somebody who may not answer now', async () => {
    const { run, effects, entries } = handling();

    const result = await handleAnswer(run, { ...answer, actor: 'user/eve' }, effects);

    expect(result).toMatchObject({ accepted: false, code: 'NOT_ELIGIBLE' });
    expect(entries).toMatchObject([{ kind: 'task.refused', actor: 'user/eve', via: 'admin-token' }]);
  });
});
