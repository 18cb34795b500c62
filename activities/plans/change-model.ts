import type { LoadedApprovalPolicy, LoadedChangeModel } from '../../definitions/document';
import { resolveReference } from '../../definitions/library';
import type { Tiers } from '../../definitions/library';
import { policyRule, respondWithin } from '../../definitions/policy-rule';
import type { Assessment, ChangeProblem, ModelInForce } from '../../workflows/change/messages';
import type { ChangeDraft, ChangeModel } from '../../workflows/change/schema';
import type { ApprovalRule, Risk } from '../../workflows/domain/approval-rule';
import { hourMs, parseDuration } from '../../workflows/domain/duration';
import { parseInputs } from '../../workflows/domain/inputs';
import { riskScore } from '../../workflows/domain/risk-score';
import type { PolicyRule } from '../../workflows/runbook/plan';

const dayMs = 24 * hourMs;
const defaults = { respondMs: 7 * dayMs, reviewMs: 5 * dayMs, depth: 1 } as const;

export interface Judged {
  readonly model: ModelInForce;
  readonly assessment: Assessment;
  readonly problems: readonly ChangeProblem[];
}

/** The model with its policies as rules, and the risk by its questions: how the change would be judged now. */
export function judgeByModel(document: LoadedChangeModel, draft: ChangeDraft, tiers: Tiers): Judged {
  const { spec } = document;
  const assessed = assess(spec, draft);
  const approval = spec.type === 'standard' ? null : policyNameOf(spec, assessed.assessment.risk);
  const rule = findPolicy(approval, tiers);
  const freeze = findPolicy(spec.freezeApproval ?? null, tiers);
  const model: ModelInForce = {
    name: document.metadata.name,
    version: document.metadata.version,
    type: spec.type,
    assessors: spec.assessors ?? [],
    leadTimeMs: msOf(spec.leadTime, 0),
    preparationMs: msOf(spec.preparation, 0),
    rule: rule.policy === null ? null : ruleOf(rule.policy),
    respondWithinMs: rule.policy === null ? defaults.respondMs : respondMs(rule.policy),
    calendars: spec.calendars ?? [],
    freezeRule: freeze.policy === null ? null : ruleOf(freeze.policy),
    changeManagers: spec.changeManagers,
    dutyManagers: spec.dutyManagers,
    businessHours: spec.businessHours ?? null,
    conflictDepth: spec.conflictDepth ?? defaults.depth,
    reviewWithinMs: msOf(spec.reviewWithin, defaults.reviewMs),
  };
  const problems = [...assessed.problems, ...rule.problems, ...freeze.problems, ...fieldProblems(spec, draft)];
  return { model, assessment: assessed.assessment, problems };
}

/** Questions → score → level. An answer that the model does not know has no weight, and is a problem. */
function assess(
  { risk }: ChangeModel,
  draft: ChangeDraft,
): { readonly assessment: Assessment; readonly problems: readonly ChangeProblem[] } {
  const answers = draft.answers ?? {};
  if (risk === undefined) return { assessment: { score: 0, risk: 'low', answers }, problems: [] };
  const { score, risk: level, open } = riskScore(risk, answers);
  const problems: ChangeProblem[] = open.map(({ id, ask, answers: weights }) => ({
    code: 'ANSWER_MISSING',
    message: missing(id, ask, { answer: answers[id], known: Object.keys(weights) }),
  }));
  const strangers = Object.keys(answers).filter((id) => !risk.questions.some((question) => question.id === id));
  for (const id of strangers)
    problems.push({ code: 'ANSWER_UNKNOWN', message: `Cannot use the answer "${id}": the model does not ask it` });
  return { assessment: { score, risk: level, answers }, problems };
}

function missing(
  id: string,
  ask: string,
  { answer, known }: { readonly answer: string | undefined; readonly known: readonly string[] },
): string {
  const state = answer === undefined ? 'it is not answered' : `"${answer}" is no answer to it`;
  return `Cannot assess the risk by "${id}" (${ask}): ${state}, expected ${known.join(' or ')}`;
}

function policyNameOf({ approval }: ChangeModel, risk: Risk): string | null {
  if (approval === undefined) return null;
  return typeof approval === 'string' ? approval : approval[risk];
}

interface FoundPolicy {
  readonly policy: LoadedApprovalPolicy | null;
  readonly problems: readonly ChangeProblem[];
}

function findPolicy(name: string | null, tiers: Tiers): FoundPolicy {
  if (name === null) return { policy: null, problems: [] };
  const found = resolveReference('ApprovalPolicy', name, tiers);
  if (found.ok) return { policy: found.document, problems: [] };
  return { policy: null, problems: [{ code: 'POLICY_NOT_FOUND', message: found.message }] };
}

/** R-SOD-1: of a change the requester is never an approver, whatever the policy says for runs. */
function ruleOf(document: LoadedApprovalPolicy): ApprovalRule {
  const rule: PolicyRule = policyRule(document);
  const { levels, validForMs, leadMs, silenceMeansConsent } = rule;
  return { levels, validForMs, leadMs, silenceMeansConsent, excludeRequester: true };
}

function respondMs(document: LoadedApprovalPolicy): number {
  const due = respondWithin(document);
  return 'ms' in due ? due.ms : due.days * dayMs;
}

function fieldProblems({ fields }: ChangeModel, draft: ChangeDraft): readonly ChangeProblem[] {
  const { problems } = parseInputs(draft.fields ?? {}, { declared: fields ?? {}, findHost: null, late: new Set() });
  return problems.map(({ input, message }) => ({ code: 'FIELD_INVALID', message: `Field "${input}": ${message}` }));
}

function msOf(text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise;
  const parsed = parseDuration(text);
  return parsed.kind === 'ms' ? parsed.ms : otherwise;
}
