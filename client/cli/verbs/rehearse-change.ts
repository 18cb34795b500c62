import { rehearseChange } from '../../../workflows/rehearsal/change';
import type { ChangeRehearsalResult } from '../../../workflows/rehearsal/change';
import type { PreparedChange } from '../../authoring/change-rehearsals';
import type { RehearsalOutcome } from './rehearsal-outcome';

/** Plays a change from its draft to its review; what was expected otherwise is a problem. */
export async function playChange({ request, expect }: PreparedChange): Promise<RehearsalOutcome> {
  const played = await rehearseChange(request);
  const problems = [...refusalsIn(played), ...played.problems, ...missed(expect, played)];
  return { outcome: played.result?.outcome ?? null, timeline: played.timeline, problems };
}

/** What was asked for and refused is told: a script that means it says so by what it expects. */
function refusalsIn({ replies, result }: ChangeRehearsalResult): readonly string[] {
  if (result !== null) return [];
  return [...replies.values()].flatMap((reply) => (reply.accepted ? [] : [reply.reason, ...reply.problems]));
}

function missed({ phase, outcome, flags }: PreparedChange['expect'], played: ChangeRehearsalResult): readonly string[] {
  const problems: string[] = [];
  if (phase !== undefined && played.state.phase !== phase)
    problems.push(`phase: expected ${phase}, found ${played.state.phase}`);
  const found = played.result?.outcome ?? 'none';
  if (outcome !== undefined && found !== outcome) problems.push(`outcome: expected ${outcome}, found ${found}`);
  const raised = Object.entries(played.state.flags).flatMap(([flag, isRaised]) => (isRaised ? [flag] : []));
  if (flags !== undefined && flags.toSorted().join() !== raised.toSorted().join())
    problems.push(`flags: expected ${flags.join(', ') || 'none'}, found ${raised.join(', ') || 'none'}`);
  return problems;
}
