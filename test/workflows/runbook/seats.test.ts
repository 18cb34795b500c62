import type { PlanHost, RolloutStep, Step } from '../../../workflows/runbook/plan';
import { rehearse } from '../../../workflows/rehearsal';
import type { RehearsalRequest, RehearsalResult } from '../../../workflows/rehearsal';
import { body, common, host, planOf, rollout, undoOf } from './plans';
import { effectsOf, repeated } from './play';

const drained = [
  body('drain', { undo: undoOf('drain', 'started') }),
  body('install', { undo: undoOf('install', 'started') }),
];

function up(over: Partial<RolloutStep> = {}): RolloutStep {
  return rollout('up', drained, { redundancy: { web: 2 }, parallel: 4, ...over });
}

type Playing = Partial<Pick<RehearsalRequest, 'script' | 'suspendAt' | 'controls' | 'resume'>>;

/** Hosts web1 … web6, all in one redundancy group for the rollouts `up` and `down`. */
function playSeated(step: Step, playing: Playing = {}): Promise<RehearsalResult> {
  const seat = { redundancy: ['web'] };
  const members = Array.from({ length: 6 }, (_, index): PlanHost => ({
    ...host(`web${index + 1}`),
    steps: { up: seat, down: seat },
  }));
  const outcomes = [...(playing.script?.outcomes ?? []), { step: '*', phase: '*' as const }];
  return rehearse({
    plan: planOf([step]),
    hosts: { web: members },
    ...playing,
    script: { ...playing.script, outcomes },
  });
}

/** Names of what was granted, one text for each time. */
function grants({ granted }: RehearsalResult): readonly string[] {
  return granted.map(({ names }) => names.map((name) => name.split('/').at(-1)).join(' '));
}

test('a group is as large as there are seats, whatever `parallel` says (R-ROLL-1)', async () => {
  const played = await playSeated(up());

  expect(played.result?.outcome).toBe('succeeded');
  expect(grants(played)).toEqual(['web1 web2', 'web3 web4', 'web5 web6']);
});

test('without a redundancy group nothing is asked for (R-ROLL-1)', async () => {
  const played = await playSeated(rollout('up', drained, { parallel: 4 }));

  expect([played.result?.outcome, played.granted]).toEqual(['succeeded', []]);
});

test('a host that failed keeps its seat: the others go on in what is left (R-ROLL-1, R-ROLL-2)', async () => {
  const played = await playSeated(up({ maxFailures: { count: 1 } }), {
    script: { outcomes: [{ step: 'install', host: 'web1', exitCode: 1 }] },
  });

  expect(played.result?.outcome).toBe('succeeded');
  expect(grants(played)).toEqual(['web1 web2', 'web3', 'web4', 'web5', 'web6']);
});

test('when only hosts that it left out are in the way, the rollout stops and says so (R-ROLL-1)', async () => {
  const played = await playSeated(up({ maxFailures: { count: 3 }, onRolloutFailure: 'stop' }), {
    script: { outcomes: [{ step: 'install', exitCode: 1 }] },
  });

  expect(played.result?.error?.code).toBe('REDUNDANCY_EXHAUSTED');
  expect(effectsOf(played).filter((each) => each.startsWith('drain'))).toEqual(['drain web1 do', 'drain web2 do']);
});

test('a resume takes the seats of failed hosts again and then goes on with the others (R-ROLL-1, D14)', async () => {
  const failing = { outcomes: [{ step: 'install', exitCode: 1 }] };
  const { state } = await playSeated(up({ maxFailures: { count: 3 } }), { script: failing });

  const resumed = await playSeated(up({ maxFailures: { count: 3 } }), {
    resume: { request: { by: 'user/anna' }, state },
  });

  expect(resumed.result?.outcome).toBe('succeeded');
  expect(grants(resumed)).toEqual(['web1 web2', 'web3 web4', 'web5 web6']);
});

test('hosts that are taken back need their seats for that, a few at a time (R-ROLL-1, R-ROLL-8)', async () => {
  const played = await playSeated(up({ onRolloutFailure: 'undo' }), {
    script: { outcomes: [{ step: 'install', host: 'web5', exitCode: 1 }] },
  });

  expect(played.result?.outcome).toBe('undone');
  expect(grants(played)).toEqual(['web1 web2', 'web3 web4', 'web5 web6', 'web6 web5', 'web4 web3', 'web2 web1']);
});

test('a failed undo keeps its seat, and people are asked before others go out in its stead (R-ROLL-1, D13)', async () => {
  const played = await playSeated(up({ onRolloutFailure: 'undo', redundancy: { web: 1 } }), {
    script: {
      outcomes: [
        { step: 'install', host: 'web3', exitCode: 1 },
        { step: 'drain', host: 'web3', phase: 'undo', exitCode: 1 },
      ],
    },
  });

  // Nobody answers: web2 and web1 stand as they were.
  expect(played.problems).toEqual([expect.stringContaining('web3')]);
  expect(effectsOf(played).filter((each) => each.endsWith('undo'))).toEqual(['install web3 undo', 'drain web3 undo']);
});

test('two rollouts at once over one redundancy group take turns and both get through (R-ROLL-1, D13)', async () => {
  const other = rollout('down', [body('restart')], { redundancy: { web: 2 }, parallel: 4 });

  const played = await playSeated({ ...common('both', 'parallel'), kind: 'parallel', branches: [up(), other] });

  expect(played.result?.outcome).toBe('succeeded');
  expect(effectsOf(played)).toHaveLength(18);
  expect(grants(played).every((names) => names.split(' ').length <= 2)).toBe(true);
});

test('entered again at any checkpoint, everything is done just once, in the same groups (R-ROLL-1, D7)', async () => {
  const script = { outcomes: [{ step: 'install', host: 'web5', exitCode: 1 }] };
  const whole = await playSeated(up({ onRolloutFailure: 'undo' }), { script });
  for (let checkpoint = 1; checkpoint <= 30; checkpoint += 1) {
    const played = await playSeated(up({ onRolloutFailure: 'undo' }), { script, suspendAt: (at) => at === checkpoint });

    expect(repeated(played)).toEqual([]);
    expect([played.result?.outcome, effectsOf(played)]).toEqual([whole.result?.outcome, effectsOf(whole)]);
  }
});

test('a hold is honoured while a group waits for its seats, and the group asks again afterwards (R-ROLL-1, D8)', async () => {
  const other = rollout('down', [body('restart')], { redundancy: { web: 1 }, parallel: 4 });
  const both: Step = {
    ...common('both', 'parallel'),
    kind: 'parallel',
    branches: [up({ redundancy: { web: 1 } }), other],
  };
  const by = { actor: 'user/anna', via: 'cli' } as const;

  const played = await playSeated(both, {
    controls: [
      { afterMs: 4_500, control: { action: 'hold', id: 'c1', ...by } },
      { afterMs: 3_600_000, control: { action: 'release', id: 'c2', ...by } },
    ],
  });

  expect([played.result?.outcome, effectsOf(played).length]).toEqual(['succeeded', 18]);
  const lastBefore = played.rows.filter(({ startedAt }) => (startedAt ?? 0) < Date.UTC(2026, 0, 1, 0, 30)).length;
  expect(lastBefore).toBeLessThan(8);
});
