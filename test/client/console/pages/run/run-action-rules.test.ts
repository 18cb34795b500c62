import { actionRefusal } from '../../../../../client/console/pages/run/run-action-rules';
import type { RunAction } from '../../../../../client/console/pages/run/run-action-rules';

const running = { state: 'running', outcome: null, parent: null } as const;
const paused = { state: 'paused', outcome: null, parent: null } as const;
const failed = { state: 'closed', outcome: 'failed', parent: null } as const;
const done = { state: 'closed', outcome: 'succeeded', parent: null } as const;
const undone = { state: 'closed', outcome: 'undone', parent: null } as const;
const child = { state: 'closed', outcome: 'failed', parent: 'r1' } as const;
const actions: readonly RunAction[] = ['pause', 'resume', 'cancel', 'retry', 'undo'];

test.each([
  ['running', running, ['pause', 'cancel']],
  ['paused', paused, ['resume', 'cancel']],
  ['failed', failed, ['retry', 'undo']],
  ['succeeded', done, ['retry', 'undo']],
  ['undone', undone, ['retry']],
  ['part of another', child, []],
])(
  'actionRefusal() lets a run that is %s do what makes sense, and gives a reason for all else',
  (_name, run, allowed) => {
    const refusals = actions.map((action) => [action, actionRefusal(action, run)] as const);

    expect(refusals.filter(([, reason]) => reason === null).map(([action]) => action)).toEqual(allowed);
    expect(refusals.every(([, reason]) => reason === null || reason.endsWith('.'))).toBe(true);
  },
);
