import type { Answer, Task } from '../domain/task';
import { stepPath } from '../domain/effect-path';
import type { VirtualClock } from './clock';
import type { ScriptedAnswer } from './schema';
import { durationMs } from './script';

/** A process that answers can reach. */
export interface Answering {
  isOpen(taskId: string): boolean;
  answer(answer: Answer): Promise<unknown>;
}

/** People who answer as the script says: each answer once, and each person once for each task it fits. */
export class ScriptedPeople {
  readonly #used = new Set<ScriptedAnswer>();
  #last: Promise<unknown> = Promise.resolve();
  #count = 0;

  constructor(
    readonly answers: readonly ScriptedAnswer[],
    readonly clock: VirtualClock,
  ) {}

  /** How many tasks nobody has an answer for is the caller's to find out: they stay open. */
  onOpened(task: Task, asking: () => Answering): void {
    const asked = new Set<string>();
    for (const answer of this.answers) {
      if (this.#used.has(answer) || asked.has(answer.by) || !isFor(answer, task)) continue;
      this.#used.add(answer);
      asked.add(answer.by);
      const at = this.clock.now + (answer.after === undefined ? 0 : durationMs(answer.after));
      this.clock.at(at, () => this.#answer(answer, task, asking()));
    }
  }

  #answer(answer: ScriptedAnswer, task: Task, asking: Answering): void {
    if (!asking.isOpen(task.id)) {
      this.#used.delete(answer);
      return;
    }
    this.#count += 1;
    const given = answerOf(answer, task, this.#count);
    this.#last = this.#last.then(() => asking.answer(given));
  }
}

function answerOf(answer: ScriptedAnswer, task: Task, number: number): Answer {
  return {
    taskId: task.id,
    id: `answer-${number}`,
    actor: answer.by,
    via: 'rehearsal',
    choice: answer.choose,
    comment: answer.comment ?? '',
    form: answer.form ?? null,
    ...(answer.hosts === undefined ? {} : { hosts: answer.hosts }),
  };
}

/** By the id of the step that asks, the slot of the approval, or the kind of question (`unknown`, `pause`, `undo-failed` …). */
function isFor(answer: ScriptedAnswer, task: Task): boolean {
  return (
    answer.task === task.kind ||
    answer.task === task.slot ||
    answer.task === '*' ||
    stepPath(task.path).split('/').includes(answer.task)
  );
}
