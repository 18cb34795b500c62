import type { ModelInForce, PlannedForChange, WorkUnit } from '../../../workflows/change/messages';
import type { ChangeDraft } from '../../../workflows/change/schema';
import type { ApprovalRule } from '../../../workflows/domain/approval-rule';
import type { ResolvedCalendar } from '../../../workflows/domain/calendar';
import { hourMs, minuteMs } from '../../../workflows/domain/duration';
import { rehearseChange } from '../../../workflows/rehearsal/change';
import type {
  ChangeHappening,
  ChangeRehearsalRequest,
  ChangeRehearsalResult,
} from '../../../workflows/rehearsal/change';
import type { ChangeAction } from '../../../workflows/change/messages';
import { program } from '../../support/program';
import { body, hosts, operation, rollout, undoOf } from '../runbook/plans';

/** Small changes by hand. Monday, 2 November 2026, 09:00 UTC. */
export const start = Date.UTC(2026, 10, 2, 9);
/** Tuesday night, four hours. */
export const windowStart = Date.UTC(2026, 10, 3, 22);
export const windowEnd = windowStart + 4 * hourMs;

export const twoApprovers: ApprovalRule = {
  levels: [
    {
      id: 'board',
      slots: [{ id: 'board', candidates: ['user/anna', 'user/ben', 'user/cleo'], quorum: { mode: 'n', n: 2 } }],
      rejectOn: 1,
      countsApart: false,
    },
  ],
  validForMs: null,
  leadMs: 24 * hourMs,
  silenceMeansConsent: false,
  excludeRequester: true,
};

export const oneFreezeApprover: ApprovalRule = {
  ...twoApprovers,
  levels: [
    {
      id: 'freeze',
      slots: [{ id: 'freeze', candidates: ['user/frida'], quorum: { mode: 'any' } }],
      rejectOn: 1,
      countsApart: true,
    },
  ],
};

export function model(over: Partial<ModelInForce> = {}): ModelInForce {
  return {
    name: 'normal',
    version: '1.0.0',
    type: 'normal',
    assessors: [],
    leadTimeMs: 0,
    preparationMs: 0,
    rule: twoApprovers,
    respondWithinMs: 7 * 24 * hourMs,
    calendars: [],
    freezeRule: null,
    changeManagers: ['user/mara'],
    dutyManagers: ['user/dora'],
    businessHours: null,
    conflictDepth: 1,
    reviewWithinMs: 5 * 24 * hourMs,
    ...over,
  };
}

export function wave(number: number, ms: number): WorkUnit {
  return { path: 'upgrade', wave: number, p50Ms: ms, p90Ms: ms, p95Ms: ms };
}

export function planned(
  over: Partial<PlannedForChange['plan']> = {},
  models: Partial<ModelInForce> = {},
): PlannedForChange {
  return {
    model: model(models),
    assessment: { score: 3, risk: 'moderate', answers: {} },
    plan: {
      generation: 1,
      planHash: 'plan-1',
      planDigest: 'digest-1',
      targetCounts: { web: 6 },
      definition: { name: 'nginx', version: '1.0.0', title: 'nginx', owner: 'team/web', digest: 'd' },
      hosts: 6,
      work: { p95Ms: 60 * minuteMs, lastTaskStartP95Ms: 40 * minuteMs, backOutP95Ms: 30 * minuteMs },
      source: 'history',
      units: [wave(1, 20 * minuteMs), wave(2, 20 * minuteMs), wave(3, 20 * minuteMs)],
      pointOfNoReturn: false,
      ...over,
    },
    difference: [],
  };
}

export const draft: ChangeDraft = {
  model: 'normal',
  runbook: 'nginx',
  title: 'nginx 1.24',
  window: { start: new Date(windowStart).toISOString(), end: new Date(windowEnd).toISOString() },
};

/** Six hosts in waves of two, each of 20 minutes; every install can be undone. */
const program6 = program(
  [
    rollout(
      'upgrade',
      [body('install', { undo: undoOf('install', 'started'), operation: operation({ timeoutMs: 4 * hourMs }) })],
      {
        waves: [{ count: 2 }, { count: 4 }, { percent: 100 }],
        onRolloutFailure: 'undo',
        hostDeadlineMs: 5 * hourMs,
      },
    ),
  ],
  { onFailure: 'undo' },
);

export type Playing = Partial<Omit<ChangeRehearsalRequest, 'happenings'>> & {
  readonly happenings?: readonly ChangeHappening[];
};

export function play(playing: Playing = {}): Promise<ChangeRehearsalResult> {
  return rehearseChange({
    start,
    requester: 'user/rita',
    draft,
    planned: planned(),
    program: program6,
    hosts: { web: hosts(6) },
    outcomes: [
      { step: 'install', takes: '20m' },
      { step: '*', phase: '*', takes: '5m' },
    ],
    answers: [vote('anna', 'PT2H'), vote('ben', 'PT3H'), review()],
    happenings: [],
    ...playing,
    ...(playing.happenings === undefined ? {} : {}),
  });
}

export function act(at: number, action: ChangeAction, by = 'user/rita'): ChangeHappening {
  return { at, what: { kind: 'act', by, act: action } };
}

export const submitted = act(start, { action: 'submit' });

export function vote(who: string, after: string, choose = 'approve'): ChangeRehearsalRequest['answers'][number] {
  return { task: 'approval', by: `user/${who}`, choose, after };
}

export function answer(
  task: string,
  who: string,
  choose: string,
  after = 'PT1M',
): ChangeRehearsalRequest['answers'][number] {
  return { task, by: `user/${who}`, choose, after };
}

export function review(choose = 'successful'): ChangeRehearsalRequest['answers'][number] {
  return answer('review', 'mara', choose, 'PT1H');
}

export function frozen(from: number, until: number, force: 'soft' | 'hard' = 'soft'): ResolvedCalendar {
  return {
    type: 'DEFAULT_OPEN',
    name: 'freezes',
    version: 'v1',
    horizon: { startMs: start - 365 * 24 * hourMs, endMs: start + 365 * 24 * hourMs },
    closures: [{ id: 'f1', title: 'year end', force, startMs: from, endMs: until }],
  };
}

export const neverFrozen = frozen(0, 0);

/** `draft → authorising` … as the journal has it. */
export function phasesOf({ journal }: ChangeRehearsalResult): readonly string[] {
  return journal.flatMap((entry) => (entry.kind === 'change.state' ? [entry.payload.to] : []));
}

export function installed({ applied }: ChangeRehearsalResult): readonly string[] {
  return applied.filter(({ phase }) => phase === 'do').map(({ host }) => host ?? '');
}

export function undone({ applied }: ChangeRehearsalResult): readonly string[] {
  return applied.filter(({ phase }) => phase === 'undo').map(({ host }) => host ?? '');
}

/** Instants at which the engine told the run something, by what it was. */
export function ordersOf({ journal }: ChangeRehearsalResult, action: string): readonly number[] {
  return journal.flatMap((entry) =>
    entry.kind === 'change.steered' && entry.payload.action === action ? [entry.at] : [],
  );
}
