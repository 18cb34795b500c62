import { candidateExpression, factTypes } from '../../workflows/domain/approval-candidate';
import { responseDays } from '../../workflows/domain/approval-round';
import { requiredOf, ruleProblem } from '../../workflows/domain/approval-rule';
import type { ApprovalLevel, ApprovalSlot } from '../../workflows/domain/approval-rule';
import { unfilled } from '../../workflows/domain/approval-seats';
import { hourMs } from '../../workflows/domain/duration';
import { checkExpression } from '../../workflows/domain/expression';
import type { LoadedApprovalPolicy } from '../document';
import { policyRule, respondWithin } from '../policy-rule';
import type { DocumentPath, Problem } from '../problems';
import { atKey, atValue } from './note';
import { zoneProblems } from './zone';

/** A rule that nobody could ever follow is refused where it is written, not when somebody waits for it. */
export function lintPolicy(document: LoadedApprovalPolicy): Problem[] {
  const { approvers, levels } = document.spec;
  const isOne = (approvers === undefined) !== (levels === undefined);
  if (!isOne) {
    const state = approvers === undefined ? 'it has neither approvers nor levels' : 'it has approvers and levels';
    const message = `Cannot follow the policy: ${state}`;
    return [atValue(document, ['spec'], { code: 'POLICY_INVALID', message, accepted: ['approvers', 'levels'] })];
  }
  return [
    ...formProblems(document),
    ...ruleProblems(document),
    ...candidateProblems(document),
    ...dueProblems(document),
    ...zoneProblems(document, document.spec.zone, ['spec', 'zone']),
  ];
}

/** Fields of the short form beside the long one. */
function formProblems(document: LoadedApprovalPolicy): Problem[] {
  const { levels, min, rejectOn, escalateTo } = document.spec;
  if (levels === undefined) return [];
  return Object.entries({ min, rejectOn, escalateTo })
    .filter(([, value]) => value !== undefined)
    .map(([key]) => {
      const message = `Cannot use ${key} beside levels: it belongs to approvers`;
      return atKey(document, ['spec', key], { code: 'POLICY_INVALID', message, found: key });
    });
}

function ruleProblems(document: LoadedApprovalPolicy): Problem[] {
  const rule = policyRule(document);
  const problem = ruleProblem(rule);
  if (problem !== null) {
    const message = `Cannot follow the policy: ${problem}`;
    return [atValue(document, ['spec'], { code: 'POLICY_INVALID', message })];
  }
  return rule.levels.flatMap((level, index) => unreachable(document, level, index));
}

/** R-APPR-5, as far as it can be told without knowing who is in a team: slots that name nobody but people, each seat for another one. */
function unreachable(document: LoadedApprovalPolicy, level: ApprovalLevel, index: number): Problem[] {
  const closed = level.slots.filter(({ candidates }) => candidates.every((each) => each.startsWith('user/')));
  const seats = closed.map((slot) => {
    const people = [...new Set(slot.candidates)];
    return { slot: slot.id, min: requiredOf(slot.quorum, people.length), people };
  });
  return unfilled(seats).map(({ slot, min, people }) => {
    const at = level.slots.findIndex(({ id }) => id === slot);
    const message = `Cannot reach ${min} approvals: the policy names ${people.length}`;
    const shared =
      'Cannot fill the slot: its people are needed in the other slots of the level, and one person counts once';
    const detail = { code: 'POLICY_UNREACHABLE', message: min > people.length ? message : shared } as const;
    return atValue(document, quorumPath(document, index, at), { ...detail, found: String(min) });
  });
}

function quorumPath({ spec }: LoadedApprovalPolicy, level: number, slot: number): DocumentPath {
  if (spec.levels === undefined) return ['spec', 'min'];
  const path: DocumentPath = ['spec', 'levels', level, 'slots', slot];
  return spec.levels[level]?.slots[slot]?.require === undefined ? path : [...path, 'require'];
}

function candidateProblems(document: LoadedApprovalPolicy): Problem[] {
  const { approvers, levels = [] } = document.spec;
  if (approvers !== undefined) return checkCandidates(document, approvers, ['spec', 'approvers']);
  return levels.flatMap((level, at) =>
    level.slots.flatMap(({ candidates }, slot) =>
      checkCandidates(document, candidates, ['spec', 'levels', at, 'slots', slot, 'candidates']),
    ),
  );
}

function checkCandidates(
  document: LoadedApprovalPolicy,
  candidates: ApprovalSlot['candidates'],
  path: DocumentPath,
): Problem[] {
  return candidates.flatMap((candidate, index) => {
    const expression = candidateExpression(candidate);
    if (expression === null) return [];
    const checked = checkExpression(expression.source, factTypes);
    if (checked.ok) return [];
    const { code, message, found, accepted } = checked.problem;
    return [
      atValue(document, [...path, index], {
        code,
        message,
        ...(found === undefined ? {} : { found }),
        ...(accepted === undefined ? {} : { accepted }),
      }),
    ];
  });
}

/** R-APPR-6. */
function dueProblems(document: LoadedApprovalPolicy): Problem[] {
  const due = respondWithin(document);
  const { most } = responseDays;
  const isLong = 'days' in due ? due.days > most : due.ms > most * 24 * hourMs;
  if (!isLong) return [];
  const message = `Cannot wait so long for answers: after ${most} days a request has timed out`;
  return [atValue(document, ['spec', 'respondWithin'], { code: 'RESPONSE_TOO_LONG', message })];
}
