import type { TaskKind } from '../../../../workflows/domain/task';

import { capitalised } from '../../wording';

const kinds: { readonly [K in TaskKind]: string } = {
  approval: 'Approval',
  manual: 'To do',
  unknown: 'Outcome?',
  failure: 'Failed',
  pause: 'Paused',
  'undo-failed': 'Undo failed',
};

export function taskKindWord(kind: TaskKind): string {
  return kinds[kind];
}

/** What the engine calls an answer, as a button says it. */
const options: { readonly [option: string]: string } = {
  approve: 'Approve',
  reject: 'Reject',
  'run-it': 'Run it',
  'not-done': 'Not done',
  done: 'Done',
  fail: 'Fail',
  retry: 'Try again',
  skip: 'Skip',
  stop: 'Stop',
  undo: 'Undo',
  continue: 'Go on',
};

export function optionWord(option: string): string {
  const word = options[option];
  if (word !== undefined) return word;
  return capitalised(option).replaceAll('-', ' ');
}

/** Which button stands out, and which warns. */
export function optionTone(option: string): 'primary' | 'danger' | 'plain' {
  if (['approve', 'done', 'retry', 'continue'].includes(option)) return 'primary';
  return ['reject', 'fail', 'stop'].includes(option) ? 'danger' : 'plain';
}
