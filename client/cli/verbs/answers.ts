import type { Command } from 'commander';
import { z } from 'zod';

import { RequestError } from '../../api/errors';
import { AnswerAccepted, TaskRow } from '../../api/schema';
import type { TaskRow as Task } from '../../../platform/store/store';
import { apiPath } from '../../typed/path';
import type { Cli, ConnectionOptions, OutputOptions, PersonOptions } from '../cli';
import { Misuse } from '../failure';
import { printJson } from '../terminal';

export interface AnswerOptions extends ConnectionOptions, OutputOptions, PersonOptions {
  readonly comment?: string;
  readonly form?: string;
  readonly host?: readonly string[];
  /** Whose vote a delegate gives. */
  readonly for?: string;
}

/** What approvers can say with every vote. */
export function withVote(command: Command): Command {
  return command
    .option('--for <person>', 'give the vote of somebody who has delegated to you')
    .option('--comment <text>', 'why');
}

/** Reads the task, then answers exactly what was read: the vote carries the hashes of that plan and of what was shown. */
export async function answerTask(
  cli: Cli,
  reference: string,
  choice: { readonly choice: string; readonly options: AnswerOptions },
): Promise<void> {
  const { options } = choice;
  const api = await cli.connect(options);
  const { tasks } = await api.get('/tasks', { id: reference }, z.object({ tasks: z.array(TaskRow) }));
  const task = findTask(tasks, reference);
  const body = {
    actor: cli.person(options.as),
    choice: choice.choice,
    ...(options.for === undefined ? {} : { onBehalfOf: cli.person(options.for) }),
    ...(options.comment === undefined ? {} : { comment: options.comment }),
    ...(options.form === undefined ? {} : { form: parseForm(options.form) }),
    ...(options.host === undefined ? {} : { hosts: options.host }),
    // A task that has gone meanwhile is refused by the engine, which journals the attempt.
    ...(task === null ? {} : { planHash: task.planHash, showHash: task.showHash }),
  };
  const result = await api.post(apiPath`/tasks/${task?.id ?? reference}/answer`, { body }, AnswerAccepted);
  if (options.json === true) return printJson(cli.terminal, result);
  cli.terminal.out(outcomeText(result, choice.choice));
}

function outcomeText({ decided, choice, recorded }: AnswerAccepted, given: string): string {
  if (recorded === 'revoke') return 'Revoked; the vote does not count any more';
  return decided ? `Decided: ${choice ?? given}` : 'Counted; more answers are needed';
}

/** Null: it may have gone meanwhile, or it never was. */
export function findTask(tasks: readonly Task[], reference: string): Task | null {
  const exact = tasks.find((task) => task.id === reference);
  if (exact !== undefined) return exact;
  const [first, ...others] = tasks.filter((task) => task.id.startsWith(reference));
  if (others.length > 0)
    throw new RequestError(
      'TASK_NOT_FOUND',
      `Cannot find task "${reference}": ${others.length + 1} open tasks begin so`,
    );
  return first ?? null;
}

function parseForm(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Misuse(`Cannot read --form: not JSON: ${text}`, { cause: error });
  }
}
