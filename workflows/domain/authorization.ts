/**
 * Who may do what to what: the one policy function. API, command line, tasks and webhooks all pass through it.
 *
 * - P1 Deny by default: what no grant allows is refused.
 * - P2 A grant gives one role, to everything or to what its selector fits; grants add up, none takes away.
 * - P3 A selector that names a label fits what has it, with accepted values only. What lacks the label is outside of it.
 * - P4 Separation of duties is no matter of roles: the engine looks at it vote by vote (R-SOD).
 */

export const roles = ['viewer', 'operator', 'approver', 'author', 'manager', 'auditor', 'admin'] as const;
export type Role = (typeof roles)[number];

/** Values of each label of a thing. A run on two inventories of different environments has both. */
export interface Scope {
  readonly [label: string]: readonly string[];
}

/** Accepted values of each label. Absent labels do not matter; a `*` at the end of a value stands for any rest. */
export interface Selector {
  readonly [label: string]: readonly string[];
}

export interface Grant {
  readonly role: Role;
  /** Null: everywhere. */
  readonly where: Selector | null;
}

const everyReader = ['viewer', 'operator', 'approver', 'author', 'manager', 'auditor'] as const;

/** Which roles an action is granted to; `admin` may do everything. */
const granted = {
  'run.read': everyReader,
  'run.start': ['operator', 'manager'],
  /** Pause, resume, cancel, retry, undo, signal. */
  'run.control': ['operator', 'manager'],
  'task.read': everyReader,
  /** Who is asked, and whose vote counts, is the engine's to say. */
  'task.answer': ['operator', 'approver', 'manager'],
  'task.comment': ['operator', 'approver', 'author', 'manager'],
  'change.read': everyReader,
  /** Open, edit, submit, plan, cancel one's own. */
  'change.write': ['operator', 'author', 'manager'],
  'backup.read': everyReader,
  /** Back up, verify, drill, restore: approvals of a restore are the engine's to ask for. */
  'backup.run': ['operator', 'manager'],
  /** Holds, releases, forgetting, pausing of a plan. */
  'backup.manage': ['manager'],
  'definition.read': everyReader,
  /** Runbooks, rehearsals, inventories, connections, backup plans. */
  'definition.write': ['author', 'manager'],
  /** What decides over others: policies, change models, calendars, rosters, hooks, subscriptions. */
  'policy.write': ['manager'],
  /** People, teams, grants. */
  'access.write': [],
  'access.read': ['manager', 'auditor'],
  'inventory.read': everyReader,
  'calendar.read': everyReader,
  'lock.read': everyReader,
  'lock.free': ['manager'],
  'system.read': everyReader,
  'metrics.read': everyReader,
  /** The journal over all processes, and who signed in. */
  'audit.read': ['auditor', 'manager'],
  'evidence.export': ['auditor', 'manager'],
  /** Takes personal data out of the journal. */
  'journal.redact': [],
  /** Of one's own: whoever is signed in. */
  'token.own': everyReader,
  'token.manage': [],
  'hook.read': ['author', 'manager', 'auditor'],
  'notification.own': everyReader,
  /** Of others. */
  'notification.manage': ['manager'],
} as const satisfies { readonly [action: string]: readonly Role[] };

export type Action = keyof typeof granted;

export const actions: readonly Action[] = Object.keys(granted).filter(isAction);

export function isAction(text: string): text is Action {
  return Object.hasOwn(granted, text);
}

/** May somebody with these grants do this to something of this scope? */
export function isAllowed(grants: readonly Grant[], action: Action, scope: Scope): boolean {
  return grants.some((grant) => hasRole(grant, action) && fits(grant.where, scope));
}

/** May somebody with these grants do this to anything at all? What it is about is then still to be looked at. */
export function isAllowedSomewhere(grants: readonly Grant[], action: Action): boolean {
  return grants.some((grant) => hasRole(grant, action));
}

/** May somebody with these grants do this to whatever there is? */
export function isAllowedEverywhere(grants: readonly Grant[], action: Action): boolean {
  return grants.some((grant) => hasRole(grant, action) && grant.where === null);
}

/** Which roles would allow it: what a refusal tells. */
export function rolesFor(action: Action): readonly Role[] {
  const some: readonly Role[] = granted[action];
  return roles.filter((role) => role === 'admin' || some.includes(role));
}

/**
 * What is left of grants for somebody who holds them to a limit: nothing that either of the two does not allow. Of two roles the one
 * that the other includes is left; where neither includes the other, nothing is.
 */
export function limitGrants(grants: readonly Grant[], limits: readonly Grant[]): readonly Grant[] {
  return grants.flatMap((grant) =>
    limits.flatMap((limit) => {
      const role = lesserOf(grant.role, limit.role);
      return role === null ? [] : [{ role, where: bothOf(grant.where, limit.where) }];
    }),
  );
}

function lesserOf(one: Role, other: Role): Role | null {
  if (includes(one, other)) return other;
  return includes(other, one) ? one : null;
}

function includes(greater: Role, lesser: Role): boolean {
  return actions.every((action) => {
    const who = rolesFor(action);
    return !who.includes(lesser) || who.includes(greater);
  });
}

function bothOf(one: Selector | null, other: Selector | null): Selector | null {
  if (one === null || other === null) return one ?? other;
  const both = new Map(Object.entries(one));
  for (const [label, accepted] of Object.entries(other)) {
    const known = both.get(label);
    const left = known?.flatMap((first) => accepted.flatMap((second) => narrower(first, second)));
    both.set(label, left ?? accepted);
  }
  return Object.fromEntries(both);
}

/** Of two patterns the one that the other accepts with all that it stands for itself. */
function narrower(left: string, right: string): readonly string[] {
  if (accepts(left, right)) return [right];
  return accepts(right, left) ? [left] : [];
}

function hasRole({ role }: Grant, action: Action): boolean {
  return rolesFor(action).includes(role);
}

/** Is a thing of this scope among what the selector is about? */
export function fits(where: Selector | null, scope: Scope): boolean {
  if (where === null) return true;
  return Object.entries(where).every(([label, accepted]) => {
    const values = Object.hasOwn(scope, label) ? (scope[label] ?? []) : [];
    return values.length > 0 && values.every((value) => accepted.some((pattern) => accepts(pattern, value)));
  });
}

function accepts(pattern: string, value: string): boolean {
  return pattern.endsWith('*') ? value.startsWith(pattern.slice(0, -1)) : pattern === value;
}
