import { rehearse } from '../../../workflows/rehearsal';
import type { RehearsalRequest, RehearsalResult } from '../../../workflows/rehearsal';
import type { Program, Step } from '../../../workflows/runbook/plan';
import { hosts, planOf } from './plans';

export interface Playing extends Partial<Omit<RehearsalRequest, 'plan' | 'hosts'>> {
  readonly program?: Partial<Program>;
  readonly hostCount?: number;
}

/** Plays steps on the virtual clock; everything succeeds unless the script says otherwise. */
export function play(steps: readonly Step[], playing: Playing = {}): Promise<RehearsalResult> {
  const { program, hostCount = 6, script, ...rest } = playing;
  const outcomes = [...(script?.outcomes ?? []), { step: '*', phase: '*' as const }];
  return rehearse({
    plan: planOf(steps, program, hostCount),
    hosts: { web: hosts(hostCount) },
    script: { ...script, outcomes },
    ...rest,
  });
}

/** `install web1 do` for each effect, in order of happening. */
export function effectsOf({ applied }: RehearsalResult): readonly string[] {
  return applied.map(({ step, host, phase }) => [step, host ?? '', phase].filter((part) => part !== '').join(' '));
}

export function repeated({ applied }: RehearsalResult): readonly string[] {
  return applied.filter(({ times }) => times > 1).map(({ key }) => key);
}
