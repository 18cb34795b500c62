import { evaluateExpression } from './expression';
import type { Json, JsonObject } from './json';
import { isList } from './json-values';
import { parseTemplate } from './template';

/** The forms of a candidate: `user/x`, `team/y`, `on-call/z`, or `${{ … }}` over `facts`. */
export const candidatePrefixes = { user: 'user/', team: 'team/', onCall: 'on-call/' } as const;

/** What an expression among the candidates knows, as `facts`. A type and not an interface, so that it is plain JSON to whoever sends it. */
export type ApprovalFacts = {
  /** `run`, or the type of a change: `standard`, `normal`, `emergency`. */
  readonly type: string;
  readonly risk: string;
  /** `user/anna`. */
  readonly requester: string;
  /** Name of the runbook, and the team that owns it. */
  readonly runbook: string;
  readonly owner: string;
  /** Configuration items: `host/web1`, `service/shop`. */
  readonly items: readonly string[];
  readonly inputs: JsonObject;
  readonly labels: { readonly [name: string]: string };
};

/** As the check of a policy wants it. */
export const factTypes = {
  facts: {
    type: 'string',
    risk: 'string',
    requester: 'string',
    runbook: 'string',
    owner: 'string',
    items: 'list',
    inputs: 'map',
    labels: 'map',
  },
} as const satisfies { readonly facts: { readonly [K in keyof ApprovalFacts]: string } };

/** Source of the expression that a candidate is; null: it is a principal. */
export function candidateExpression(candidate: string): { readonly source: string; readonly offset: number } | null {
  const parsed = parseTemplate(candidate);
  const [part] = parsed.ok ? parsed.parts : [];
  return part !== undefined && 'expression' in part ? { source: part.expression, offset: part.offset } : null;
}

/** What a candidate stands for: itself, or the principals that its expression gives; `problem` says why there are none. */
export function principalsOf(
  candidate: string,
  facts: ApprovalFacts,
): { readonly principals: readonly string[]; readonly problem: string | null } {
  const expression = candidateExpression(candidate);
  if (expression === null) return { principals: [candidate], problem: null };
  const found = evaluateExpression(expression.source, { facts });
  if (!found.ok) return { principals: [], problem: found.failure.message };
  const all: readonly Json[] = isList(found.value) ? found.value : [found.value];
  const principals = all.filter((each) => typeof each === 'string').filter(isPrincipal);
  if (principals.length === all.length) return { principals, problem: null };
  const stranger = JSON.stringify(all.find((each) => typeof each !== 'string' || !isPrincipal(each)));
  return { principals, problem: `Cannot ask ${stranger}: it is no user/<name>, team/<name> or on-call/<roster>` };
}

function isPrincipal(text: string): boolean {
  return Object.values(candidatePrefixes).some((prefix) => text.startsWith(prefix) && text.length > prefix.length);
}
