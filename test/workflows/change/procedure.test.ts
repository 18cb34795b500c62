import { hourMs, minuteMs } from '../../../workflows/domain/duration';
import { program } from '../../support/program';
import { approval, operation, task } from '../runbook/plans';
import {
  act,
  answer,
  draft,
  frozen,
  installed,
  neverFrozen,
  oneFreezeApprover,
  ordersOf,
  phasesOf,
  planned,
  play,
  review,
  start,
  submitted,
  twoApprovers,
  undone,
  vote,
  windowEnd,
  windowStart,
} from './changes';

/** How long the install takes on these hosts. */
function takes(names: readonly string[], long: string): { step: string; host: string; takes: string }[] {
  return names.map((host) => ({ step: 'install', host, takes: long }));
}

const approvers = [vote('anna', 'PT2H'), vote('ben', 'PT3H')];

test('a normal change is approved, waits for its window, is carried out wave by wave and reviewed', async () => {
  const played = await play({ happenings: [submitted] });

  expect(played.problems).toEqual([]);
  expect(phasesOf(played)).toEqual(['draft', 'authorising', 'scheduled', 'implementing', 'reviewing', 'closed']);
  expect(played.result).toMatchObject({ outcome: 'successful', flags: { overrun: false, unauthorised: false } });
  expect(installed(played)).toEqual(['web1', 'web2', 'web3', 'web4', 'web5', 'web6']);
  expect(ordersOf(played, 'admitWave')).toEqual([
    windowStart,
    windowStart + 20 * minuteMs,
    windowStart + 40 * minuteMs,
  ]);
});

test('a standard change skips assessing and authorising, and closes itself when nothing is to be told', async () => {
  const played = await play({
    happenings: [submitted],
    planned: planned({}, { type: 'standard', rule: null }),
    answers: [],
  });

  expect(phasesOf(played)).toEqual(['draft', 'scheduled', 'implementing', 'reviewing', 'closed']);
  expect(played.result?.outcome).toBe('successful');
});

test('an assessor may send a change back', async () => {
  const played = await play({
    happenings: [submitted, act(start + 2 * hourMs, { action: 'cancel', keep: false, reason: 'not now' })],
    planned: planned({}, { assessors: ['user/olaf'] }),
    answers: [answer('assess', 'olaf', 'send-back', 'PT1H')],
  });

  expect(phasesOf(played)).toEqual(['draft', 'assessing', 'draft', 'cancelled']);
});

test('approvers are asked only after an assessor has accepted', async () => {
  const played = await play({
    happenings: [submitted],
    planned: planned({}, { assessors: ['user/olaf'] }),
    answers: [answer('assess', 'olaf', 'accept', 'PT1H'), ...approvers, review()],
  });

  expect(phasesOf(played).slice(0, 4)).toEqual(['draft', 'assessing', 'authorising', 'scheduled']);
  const asked = played.journal.flatMap((entry) =>
    entry.kind === 'task.opened' ? [[entry.payload.path, entry.at]] : [],
  );
  expect(asked.slice(0, 2)).toEqual([
    ['assess', start],
    ['approval', start + hourMs],
  ]);
});

test('R-APPR-2: one rejection sends the change back to its requester, and nothing runs', async () => {
  const played = await play({
    happenings: [submitted, act(start + 5 * hourMs, { action: 'cancel', keep: false, reason: 'rejected' })],
    answers: [vote('anna', 'PT1H', 'reject')],
  });

  expect(phasesOf(played)).toEqual(['draft', 'authorising', 'draft', 'cancelled']);
  expect(installed(played)).toEqual([]);
});

test('R-APPR-6: nobody answers: the change expires and is never carried out', async () => {
  const played = await play({ happenings: [submitted], answers: [] });

  expect(played.result).toMatchObject({ phase: 'expired', outcome: 'expired' });
  expect(installed(played)).toEqual([]);
});

test('R-WIN-2: a window that is shorter than work and back-out is refused at submission', async () => {
  const end = new Date(windowStart + 80 * minuteMs).toISOString();
  const short = { ...draft, window: { ...draft.window, end } };
  const played = await play({
    draft: short,
    happenings: [submitted, act(start + hourMs, { action: 'cancel', keep: false, reason: 'too short' })],
  });

  expect(played.replies.get(0)).toMatchObject({ accepted: false, code: 'WINDOW_TOO_SHORT' });
});

test('R-APPR-5: a quorum that cannot be reached is refused at submission', async () => {
  const played = await play({
    requester: 'user/anna',
    happenings: [
      { at: start, what: { kind: 'leaves', person: 'user/ben' } },
      act(start + 1, { action: 'submit' }, 'user/anna'),
      act(start + hourMs, { action: 'cancel', keep: false, reason: 'nobody left' }, 'user/anna'),
    ],
  });

  expect(played.replies.get(1)).toMatchObject({ accepted: false, code: 'QUORUM_UNREACHABLE' });
});

test('R-CONF-3: a change that meets another one is refused at submission, with what it meets', async () => {
  const lines = ['host/web1 is taken by CHG-7 (user/otto)'];
  const played = await play({
    happenings: [submitted, act(start + hourMs, { action: 'cancel', keep: false, reason: 'taken' })],
    conflicts: { verdict: 'blocked', conflicts: [], total: 1, lines, heldBy: [] },
  });

  expect(played.replies.get(0)).toMatchObject({ accepted: false, code: 'CHANGE_CONFLICTS', problems: lines });
});

describe('the plan at the start', () => {
  test('R-APPR-9: a host more than was approved stops the change at its start with the difference', async () => {
    const more = { ...planned({ planHash: 'plan-2', planDigest: 'digest-2', hosts: 7 }), difference: ['+ host web7'] };
    const played = await play({
      happenings: [
        submitted,
        { at: start + 10 * hourMs, what: { kind: 'planned', planned: more } },
        act(windowStart + hourMs, { action: 'cancel', keep: false, reason: 'wrong hosts' }),
      ],
    });

    expect(phasesOf(played)).toEqual(['draft', 'authorising', 'scheduled', 'held', 'cancelled']);
    expect(played.state.hold).toMatchObject({ kind: 'plan-changed', difference: ['+ host web7'] });
    expect(installed(played)).toEqual([]);
  });

  test('goes on as soon as the plan is the approved one again', async () => {
    const more = planned({ planHash: 'plan-2', planDigest: 'digest-2' });
    const played = await play({
      happenings: [
        submitted,
        { at: start + 10 * hourMs, what: { kind: 'planned', planned: more } },
        { at: windowStart + 10 * minuteMs, what: { kind: 'planned', planned: planned() } },
      ],
    });

    expect(phasesOf(played)).toContain('held');
    expect(played.result?.outcome).toBe('successful');
    expect(played.state.flags.late).toBe(true);
  });

  test('R-APPR-9: an edited description keeps the votes', async () => {
    const played = await play({
      happenings: [
        submitted,
        act(start + 10 * hourMs, { action: 'edit', draft: { ...draft, description: 'better words' } }),
      ],
    });

    expect(phasesOf(played)).toEqual(['draft', 'authorising', 'scheduled', 'implementing', 'reviewing', 'closed']);
    expect(played.state.draft.description).toBe('better words');
  });

  test('R-APPR-9: another window voids the votes, and everybody is asked anew', async () => {
    const later = {
      action: 'reschedule',
      startMs: windowStart + hourMs,
      endMs: windowEnd + hourMs,
      reason: 'later',
    } as const;
    const played = await play({
      happenings: [submitted, act(start + 10 * hourMs, later)],
      answers: [...approvers, vote('anna', 'PT4H'), vote('ben', 'PT5H'), review()],
    });

    expect(phasesOf(played)).toEqual([
      'draft',
      'authorising',
      'scheduled',
      'authorising',
      'scheduled',
      'implementing',
      'reviewing',
      'closed',
    ]);
    expect(ordersOf(played, 'admitWave')[0]).toBe(windowStart + hourMs);
  });
});

describe('freezes', () => {
  const held = planned({}, { calendars: ['freezes'], freezeRule: oneFreezeApprover });

  test('R-FREEZE-2: declared after the approval it holds a change that has not started, and freeze approvers let it pass', async () => {
    const played = await play({
      planned: held,
      calendars: [neverFrozen],
      happenings: [
        submitted,
        { at: start + 8 * hourMs, what: { kind: 'calendars', calendars: [frozen(windowStart, windowEnd)] } },
      ],
      answers: [...approvers, answer('freeze', 'frida', 'approve', 'PT1H'), review()],
    });

    expect(phasesOf(played)).toEqual([
      'draft',
      'authorising',
      'scheduled',
      'held',
      'scheduled',
      'implementing',
      'reviewing',
      'closed',
    ]);
    expect(played.state.freeze.passed).toEqual(['f1']);
  });

  test('R-FREEZE-4: a freeze that begins in the back-out of a change holds it as well', async () => {
    const played = await play({
      planned: planned({}, { calendars: ['freezes'] }),
      calendars: [frozen(windowEnd - minuteMs, windowEnd + hourMs)],
      happenings: [submitted, act(windowEnd, { action: 'cancel', keep: false, reason: 'frozen' })],
    });

    expect(played.result?.phase).toBe('cancelled');
    expect(installed(played)).toEqual([]);
  });

  test('R-FREEZE-3: an emergency skips the calendars and keeps its approvals', async () => {
    const played = await play({
      planned: planned({}, { type: 'emergency', calendars: ['freezes'] }),
      calendars: [frozen(windowStart - hourMs, windowEnd)],
      happenings: [submitted],
    });

    expect(played.result?.outcome).toBe('successful');
    expect(phasesOf(played)).toContain('authorising');
  });

  test('R-FREEZE-2: arriving in the middle of a wave it parks the run at the next boundary, until it lifts', async () => {
    const played = await play({
      planned: planned({}, { calendars: ['freezes'] }),
      calendars: [neverFrozen],
      happenings: [
        submitted,
        {
          at: windowStart + 10 * minuteMs,
          what: { kind: 'calendars', calendars: [frozen(windowStart + 10 * minuteMs, windowStart + 60 * minuteMs)] },
        },
      ],
    });

    expect(ordersOf(played, 'admitWave')).toEqual([
      windowStart,
      windowStart + 60 * minuteMs,
      windowStart + 80 * minuteMs,
    ]);
    expect(played.result?.outcome).toBe('successful');
  });

  test('R-FREEZE-2: a hard freeze pauses the run at once and asks; the answer may be a back-out', async () => {
    const played = await play({
      planned: planned({}, { calendars: ['freezes'] }),
      calendars: [neverFrozen],
      happenings: [
        submitted,
        {
          at: windowStart + 30 * minuteMs,
          what: { kind: 'calendars', calendars: [frozen(windowStart + 30 * minuteMs, windowEnd, 'hard')] },
        },
      ],
      answers: [...approvers, answer('freeze', 'dora', 'back-out', 'PT5M'), review('backed-out')],
    });

    expect(ordersOf(played, 'hold')).toEqual([windowStart + 30 * minuteMs]);
    expect(ordersOf(played, 'backOut')).toEqual([windowStart + 35 * minuteMs]);
    expect(phasesOf(played).slice(-4)).toEqual(['backing-out', 'backed-out', 'reviewing', 'closed']);
    expect([...undone(played)].sort()).toEqual([...installed(played)].sort());
  });
});

describe('the window while the run goes on', () => {
  /** Safety is five minutes, the back-out thirty: T_decide = end − 35 min. */
  const decideAt = windowEnd - 35 * minuteMs;
  const slow = [
    ...takes(['web1', 'web2'], '20m'),
    { step: 'install', takes: '110m' },
    { step: '*', phase: '*' as const, takes: '5m' },
  ];

  test('R-WIN-2: nobody answers the duty question: the back-out starts at T_decide, to the second', async () => {
    const played = await play({
      happenings: [submitted],
      outcomes: slow,
      answers: [...approvers, review('backed-out')],
    });

    expect(ordersOf(played, 'backOut')).toEqual([decideAt]);
    const asked = played.journal.filter(
      ({ kind, payload }) => kind === 'task.opened' && 'path' in payload && payload.path === 'duty',
    );
    expect(asked.map(({ at }) => at)).toEqual([decideAt - 5 * minuteMs]);
    expect(played.result?.outcome).toBe('backed-out');
    expect([...undone(played)].sort()).toEqual([...installed(played)].sort());
  });

  test('R-WIN-3: an extension has checks and a vote of its own, moves the end and voids nothing', async () => {
    const played = await play({
      happenings: [
        submitted,
        act(
          windowStart + 3 * hourMs,
          { action: 'extend', endMs: windowEnd + 4 * hourMs, reason: 'slow disks' },
          'user/rita',
        ),
      ],
      outcomes: slow,
      answers: [...approvers, answer('extension', 'mara', 'approve', 'PT5M'), review()],
    });

    expect(ordersOf(played, 'backOut')).toEqual([]);
    expect(ordersOf(played, 'setDeadline')).toHaveLength(1);
    expect(played.state.window.endMs).toBe(windowEnd + 4 * hourMs);
    expect(played.result).toMatchObject({ outcome: 'successful', flags: { overrun: false } });
  });

  test('R-WIN-3, R-SOD-1: a third person who asks for the extension has no vote in it', async () => {
    const played = await play({
      planned: planned({}, { changeManagers: ['user/mara', 'user/mona'] }),
      happenings: [
        submitted,
        act(
          windowStart + 3 * hourMs,
          { action: 'extend', endMs: windowEnd + 4 * hourMs, reason: 'slow disks' },
          'user/mara',
        ),
      ],
      outcomes: slow,
      answers: [
        ...approvers,
        answer('extension', 'mara', 'approve', 'PT5M'),
        answer('extension', 'mona', 'approve', 'PT10M'),
        review(),
      ],
    });

    const of = (kind: string) => played.journal.filter((each) => each.kind === kind).map(({ payload }) => payload);
    expect(of('task.refused')).toMatchObject([{ code: 'DUTIES_NOT_SEPARATE', answer: { actor: 'user/mara' } }]);
    expect(of('vote.cast')).toContainEqual(expect.objectContaining({ actor: 'user/mona' }));
    expect(played.state.window.endMs).toBe(windowEnd + 4 * hourMs);
  });

  test('R-WIN-1: nothing that goes forward starts after the cutoff', async () => {
    const cutoff = { ...draft, window: { ...draft.window, cutoff: 'PT2H' } };
    const played = await play({
      draft: cutoff,
      happenings: [submitted],
      outcomes: slow,
      answers: [...approvers, review('backed-out')],
    });

    expect(ordersOf(played, 'admitWave')).toEqual([windowStart, windowStart + 20 * minuteMs]);
    expect(installed(played)).toEqual(['web1', 'web2', 'web3', 'web4']);
    expect(ordersOf(played, 'backOut')).toEqual([decideAt]);
  });

  test('R-WIN-4: what goes on after the end without an extension is flagged as an overrun, apart from its outcome', async () => {
    const unknown = { path: 'upgrade', wave: 3, p50Ms: 10 * minuteMs, p90Ms: 15 * minuteMs, p95Ms: 300 * minuteMs };
    const units = [
      { ...unknown, wave: 1 },
      { ...unknown, wave: 2 },
      { ...unknown, wave: 3 },
    ];
    const played = await play({
      planned: planned({ units }),
      happenings: [submitted],
      outcomes: [
        ...takes(['web1', 'web2'], '20m'),
        ...takes(['web3', 'web4'], '175m'),
        ...takes(['web5', 'web6'], '90m'),
      ],
      answers: [...approvers, answer('duty', 'dora', 'continue', 'PT4M'), review()],
    });

    expect(played.result).toMatchObject({ outcome: 'successful', flags: { overrun: true } });
  });

  test('R-WIN-5: the engine was down at the start: it starts late when it still fits, and is flagged', async () => {
    const played = await play({
      happenings: [submitted, { at: windowStart - hourMs, what: { kind: 'down', until: windowStart + hourMs } }],
    });

    expect(played.result).toMatchObject({ outcome: 'successful', flags: { late: true } });
    expect(ordersOf(played, 'admitWave')[0]).toBe(windowStart + hourMs);
  });

  test('R-WIN-5: a start that would not fit any more is missed, and waits to be rescheduled', async () => {
    const late = {
      action: 'reschedule',
      startMs: windowStart + 24 * hourMs,
      endMs: windowEnd + 24 * hourMs,
      reason: 'tomorrow',
    } as const;
    const played = await play({
      happenings: [
        submitted,
        { at: windowStart - hourMs, what: { kind: 'down', until: windowEnd - 90 * minuteMs } },
        act(windowEnd, late),
      ],
      answers: [...approvers, vote('anna', 'PT1H'), vote('ben', 'PT1H'), review()],
    });

    expect(phasesOf(played)).toEqual([
      'draft',
      'authorising',
      'scheduled',
      'held',
      'authorising',
      'scheduled',
      'implementing',
      'reviewing',
      'closed',
    ]);
    expect(ordersOf(played, 'admitWave')[0]).toBe(windowStart + 24 * hourMs);
  });

  test('R-WIN-6: cancelled while it is carried out it stops and is backed out; under review it cannot be cancelled', async () => {
    const cancel = { action: 'cancel', keep: false, reason: 'wrong version' } as const;
    const played = await play({
      happenings: [submitted, act(windowStart + 30 * minuteMs, cancel), act(windowStart + 40 * minuteMs, cancel)],
      answers: [...approvers, review('backed-out')],
    });

    expect(ordersOf(played, 'backOut')).toEqual([windowStart + 30 * minuteMs]);
    expect(played.replies.get(2)).toMatchObject({ accepted: false, code: 'CHANGE_STATE' });
    expect([...undone(played)].sort()).toEqual([...installed(played)].sort());
  });
});

describe('approvals', () => {
  test('R-APPR-4: a leaver before the quorum voids the vote, and another one fills the slot', async () => {
    const played = await play({
      happenings: [submitted, { at: start + 2.5 * hourMs, what: { kind: 'leaves', person: 'user/anna' } }],
      answers: [...approvers, vote('cleo', 'PT6H'), review()],
    });

    expect(played.result?.outcome).toBe('successful');
    const approved = played.journal.find(
      ({ kind, payload }) => kind === 'change.state' && 'to' in payload && payload.to === 'scheduled',
    );
    expect(approved?.at).toBe(start + 6 * hourMs);
  });

  test('R-APPR-8: an approval that ends while the change runs lets no other wave start, and a person decides', async () => {
    const rule = { ...twoApprovers, validForMs: windowStart + 10 * minuteMs - (start + 3 * hourMs) };
    const played = await play({
      planned: planned({}, { rule }),
      happenings: [submitted],
      answers: [...approvers, answer('expired', 'dora', 'back-out', 'PT10M'), review('backed-out')],
    });

    expect(ordersOf(played, 'admitWave')).toEqual([windowStart]);
    expect(ordersOf(played, 'backOut')).toHaveLength(1);
    expect(undone(played)).toEqual(['web2', 'web1']);
  });

  test('R-APPR-12: an emergency starts with one approval; without the second in a business day it is unregularised', async () => {
    const soon = { start: new Date(start + hourMs).toISOString(), end: new Date(start + 6 * hourMs).toISOString() };
    const played = await play({
      draft: { ...draft, window: soon },
      planned: planned({}, { type: 'emergency' }),
      happenings: [submitted],
      answers: [vote('anna', 'PT10M'), answer('review', 'mara', 'successful', 'PT72H')],
    });

    expect(phasesOf(played)).toEqual(['draft', 'authorising', 'scheduled', 'implementing', 'reviewing', 'closed']);
    expect(played.result).toMatchObject({ outcome: 'successful', flags: { unregularised: true } });
  });
});

describe('its run', () => {
  test('R-ROLL-8: a failing wave is undone by the run itself, and the change says so', async () => {
    const played = await play({
      happenings: [submitted],
      outcomes: [
        { step: 'install', host: 'web4', exitCode: 1, takes: '20m' },
        { step: 'install', takes: '20m' },
        { step: '*', phase: '*' as const },
      ],
      answers: [...approvers, review('backed-out')],
    });

    expect(phasesOf(played).slice(-5)).toEqual(['implementing', 'backing-out', 'backed-out', 'reviewing', 'closed']);
    expect(installed(played)).not.toContain('web5');
    expect(played.result?.outcome).toBe('backed-out');
  });

  test('entered again at every checkpoint it comes to the same end', async () => {
    const straight = await play({ happenings: [submitted] });
    const torn = await play({ happenings: [submitted], suspendAt: (checkpoint) => checkpoint % 3 === 0 });

    expect(torn.problems).toEqual([]);
    expect(phasesOf(torn)).toEqual(phasesOf(straight));
    expect(torn.applied).toEqual(straight.applied);
  });
});

test('R-CONF-3: the loser at the start is told who has its items, waits without spinning, and goes on when they are free', async () => {
  const blocked = {
    verdict: 'blocked',
    conflicts: [],
    total: 0,
    lines: ['CHG-7 holds host/web1'],
    heldBy: ['c7'],
  } as const;
  const free = { verdict: 'clear', conflicts: [], total: 0, lines: [], heldBy: [] } as const;
  const played = await play({
    happenings: [
      submitted,
      { at: start + 8 * hourMs, what: { kind: 'conflicts', answer: blocked } },
      { at: windowStart + 10 * minuteMs, what: { kind: 'conflicts', answer: free } },
    ],
  });

  expect(phasesOf(played).filter((phase) => phase === 'held')).toHaveLength(1);
  expect(ordersOf(played, 'admitWave')[0]).toBe(windowStart + 10 * minuteMs);
  expect(played.result).toMatchObject({ outcome: 'successful', flags: { late: true } });
});

test('a draft that is edited is of what it asks for from then on', async () => {
  const scope = { service: ['pay'] };
  const played = await play({
    happenings: [act(start + hourMs, { action: 'edit', draft, scope }), { ...submitted, at: start + 2 * hourMs }],
  });

  const edited = played.journal.find(({ kind }) => kind === 'change.edited');
  expect(edited?.payload).toEqual({ draft, material: false, difference: [], scope });
});

test('R-APPR-9: approvers are shown that the window has moved', async () => {
  const later = {
    action: 'reschedule',
    startMs: windowStart + hourMs,
    endMs: windowEnd + hourMs,
    reason: 'later',
  } as const;
  const played = await play({
    happenings: [submitted, act(start + hourMs, later)],
    answers: [vote('anna', 'PT4H'), vote('ben', 'PT5H'), review()],
  });

  const edited = played.journal.find(({ kind }) => kind === 'change.edited');
  expect(edited?.payload).toMatchObject({
    material: true,
    difference: [
      '~ window: 2026-11-03T22:00:00.000Z to 2026-11-04T02:00:00.000Z → 2026-11-03T23:00:00.000Z to 2026-11-04T03:00:00.000Z',
    ],
  });
});

test('R-APPR-9: a change that its changed plan holds is approved anew and runs, in the lead time of its model', async () => {
  const lead = { leadTimeMs: 24 * hourMs };
  const more = { ...planned({ planHash: 'plan-2', planDigest: 'digest-2' }, lead), difference: ['+ host web7'] };
  const played = await play({
    planned: planned({}, lead),
    happenings: [
      submitted,
      { at: start + 10 * hourMs, what: { kind: 'planned', planned: more } },
      act(windowStart + minuteMs, { action: 'submit' }),
    ],
    answers: [...approvers, vote('anna', 'PT10M'), vote('ben', 'PT20M'), review()],
  });

  expect(phasesOf(played)).toEqual(
    'draft authorising scheduled held authorising scheduled implementing reviewing closed'.split(' '),
  );
  expect(ordersOf(played, 'admitWave')[0]).toBe(windowStart + 21 * minuteMs);
});

test('R-ROLL-9, R-WIN-2: after a point of no return the window does not back out but pauses, and people decide', async () => {
  const steps = [
    task('first', { operation: operation({ timeoutMs: hourMs }) }),
    task('drop', {
      operation: operation({ timeoutMs: 4 * hourMs }),
      undo: { kind: 'none' },
      pointOfNoReturn: approval('sure', { approvers: ['user/anna'] }).approval,
    }),
    task('after', { undo: { kind: 'none' } }),
  ];
  const played = await play({
    program: program(steps, { onFailure: 'undo' }),
    happenings: [submitted],
    outcomes: [
      { step: 'drop', takes: '210m' },
      { step: '*', phase: '*', takes: '1m' },
    ],
    answers: [...approvers, vote('anna', 'PT1M'), answer('no-return', 'dora', 'go-on', 'PT20M'), review()],
  });

  expect(played.state.run?.passedNoReturn).toBe(true);
  expect(ordersOf(played, 'backOut')).toEqual([]);
  expect(ordersOf(played, 'hold')).toEqual([windowEnd - 35 * minuteMs]);
  expect(ordersOf(played, 'release')).toEqual([windowEnd - 15 * minuteMs]);
  expect(played.result).toMatchObject({ outcome: 'successful' });
});

test('a submission that is refused leaves nothing behind: the lead time counts from the one that is accepted', async () => {
  const lead = planned({}, { leadTimeMs: 24 * hourMs });
  const played = await play({
    requester: 'user/anna',
    planned: lead,
    happenings: [
      { at: start, what: { kind: 'leaves', person: 'user/ben' } },
      act(start + 1, { action: 'submit' }, 'user/anna'),
      // Fifteen hours before the window: too late, whatever was submitted before.
      act(windowStart - 15 * hourMs, { action: 'submit' }, 'user/anna'),
      act(windowStart, { action: 'cancel', keep: false, reason: 'too late' }, 'user/anna'),
    ],
  });

  expect(played.replies.get(1)).toMatchObject({ accepted: false, code: 'QUORUM_UNREACHABLE' });
  expect(played.replies.get(2)).toMatchObject({ accepted: false, code: 'LEAD_TIME_SHORT' });
  expect(played.state).toMatchObject({ hash: '', plan: null, signed: null });
});

test('R-WIN-2: a run that is through when it is called back goes to its review as what it is', async () => {
  const played = await play({
    happenings: [submitted, act(windowStart + 61 * minuteMs, { action: 'cancel', keep: false, reason: 'too late' })],
    program: program([task('only', { operation: operation({ timeoutMs: 2 * hourMs }), undo: { kind: 'none' } })], {
      finally: [task('tidy', { operation: operation({ timeoutMs: 2 * hourMs }) })],
    }),
    outcomes: [{ step: '*', phase: '*', takes: '60m' }],
    answers: [...approvers, review()],
  });

  expect(phasesOf(played).slice(-3)).toEqual(['backing-out', 'reviewing', 'closed']);
  expect(played.result?.outcome).toBe('successful');
});

test('R-CONF-3: what was taken since the submission is looked for at each vote, and holds an approved change', async () => {
  const blocked = { verdict: 'blocked', conflicts: [], total: 1, lines: ['CHG-7 has host/web1'], heldBy: [] } as const;
  const free = { verdict: 'clear', conflicts: [], total: 0, lines: [], heldBy: [] } as const;
  const played = await play({
    happenings: [
      submitted,
      { at: start + hourMs, what: { kind: 'conflicts', answer: blocked } },
      { at: start + 10 * hourMs, what: { kind: 'conflicts', answer: free } },
    ],
  });

  const looked = played.journal.flatMap((entry) => (entry.kind === 'change.conflicts' ? [entry.payload] : []));
  expect(looked).toContainEqual(expect.objectContaining({ at: 'vote', verdict: 'blocked' }));
  expect(phasesOf(played).slice(1, 5)).toEqual(['authorising', 'scheduled', 'held', 'scheduled']);
  expect(played.result).toMatchObject({ outcome: 'successful', flags: { late: false } });
});

test('R-ROLL-1, R-ROLL-11: a target that leaves the inventory in mid-run is left out, told as removed, and needs a ticket', async () => {
  const played = await play({
    happenings: [submitted, { at: windowStart + 10 * minuteMs, what: { kind: 'removed', host: 'web4' } }],
    answers: [...approvers, review('successful-with-issues')],
  });

  expect(installed(played)).toEqual(['web1', 'web2', 'web3', 'web5', 'web6']);
  expect(played.state.run?.outcome).toMatchObject({ outcome: 'succeeded', degraded: true });
  const ended = played.journal.find(({ kind }) => kind === 'run.ended');
  expect(ended?.payload).toMatchObject({
    exceptions: ['upgrade: web4 (removed: it is not in the inventory any more)'],
  });
  expect(played.state.run?.done.map(({ wave, ok, failed }) => [wave, ok, failed])).toEqual([
    [1, 2, 0],
    [2, 1, 0],
    [3, 2, 0],
  ]);
});
