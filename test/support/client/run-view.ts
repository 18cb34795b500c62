import type { RunView, StepView } from '../../../client/engine';
import type { RunRow, TaskRow } from '../../../platform/store/store';

export function stepView(change: Partial<StepView> = {}): StepView {
  return {
    path: 'install',
    id: 'install',
    verb: 'exec',
    phase: 'do',
    generation: 1,
    status: 'succeeded',
    rescued: false,
    attempts: 1,
    startedAt: '2026-11-21T09:00:00.000Z',
    endedAt: '2026-11-21T09:00:02.500Z',
    error: null,
    counts: null,
    outputs: {},
    position: 1,
    hosts: [],
    ...change,
  };
}

export function taskRow(change: Partial<TaskRow> = {}): TaskRow {
  return {
    id: 'rabcdefghijkl/approve',
    runId: 'rabcdefghijkl',
    kind: 'approval',
    path: 'approve',
    title: 'nginx 1.24.0',
    candidates: ['team/web'],
    options: ['approve', 'reject'],
    min: 1,
    rejectOn: 1,
    excludeRequester: true,
    form: null,
    show: {},
    planHash: 'aa',
    showHash: 'bb',
    openedAt: Date.UTC(2026, 10, 21, 9),
    dueAt: null,
    onDue: null,
    hosts: [],
    votes: [],
    closed: null,
    ...change,
  };
}

export function runView(change: Partial<RunView> = {}): RunView {
  return {
    id: 'rabcdefghijkl',
    number: 12,
    definition: { name: 'nginx-upgrade', version: '1.0.0', title: 'Upgrade nginx', owner: 'team/web' },
    planHash: 'sha256:aa',
    planDigest: 'cc',
    parent: null,
    labels: {},
    scope: {},
    state: 'closed',
    reason: '',
    outcome: 'succeeded',
    degraded: false,
    requester: 'user/anna',
    inputs: { version: '1.24.0' },
    outputs: {},
    error: null,
    createdAt: '2026-11-21T08:59:59.000Z',
    startedAt: '2026-11-21T09:00:00.000Z',
    endedAt: '2026-11-21T09:03:12.000Z',
    steps: [],
    tasks: [],
    undone: [],
    exceptions: [],
    ...change,
  };
}

export function runRow(change: Partial<RunRow> = {}): RunRow {
  return {
    id: 'rabcdefghijkl',
    number: 12,
    definition: { name: 'hello', version: '1.0.0', title: 'Say hello', owner: 'team/web' },
    planHash: 'aa',
    planDigest: 'bb',
    requester: 'user/anna',
    inputs: {},
    parent: null,
    labels: {},
    scope: {},
    state: 'pending',
    reason: '',
    outcome: null,
    degraded: false,
    createdAt: 1,
    startedAt: null,
    endedAt: null,
    outputs: {},
    error: null,
    undone: [],
    exceptions: [],
    stateDigest: null,
    ...change,
  };
}
