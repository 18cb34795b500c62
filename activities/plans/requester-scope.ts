import type { LoadedChangeModel, LoadedDocument, LoadedTeam } from '../../definitions/document';
import type { ResolvedInventory } from '../../definitions/inventory';
import type { Store } from '../../platform/store/store';
import type { ChangeProblem } from '../../workflows/change/messages';

/** How many of a requester's changes are looked at for one that was never regularised. */
const looked = 200;

/** Who may open a change of this model at all; R-APPR-12: an unregularised emergency blocks its requester's standard changes. */
export async function requesterProblems(
  { store, documents }: { readonly store: Pick<Store, 'changes'>; readonly documents: readonly LoadedDocument[] },
  { requester, model }: { readonly requester: string; readonly model: LoadedChangeModel },
): Promise<readonly ChangeProblem[]> {
  const { requesters, type } = model.spec;
  const problems: ChangeProblem[] = [];
  const teams = teamsOf(requester, documents).map(({ metadata }) => `team/${metadata.name}`);
  if (requesters !== undefined && !requesters.some((each) => each === requester || teams.includes(each)))
    problems.push({
      code: 'REQUESTER_NOT_ALLOWED',
      message: `Cannot open a change of model "${model.metadata.name}" as "${requester}": it is for ${requesters.join(', ')}`,
    });
  if (type !== 'standard') return problems;
  const own = await store.changes.list({ requester, limit: looked });
  const blocking = own.find(({ flags }) => flags.includes('unregularised') && !flags.includes('regularised'));
  if (blocking !== undefined)
    problems.push({
      code: 'REQUESTER_BLOCKED',
      message: `Cannot open a standard change as "${requester}": the emergency change CHG-${blocking.number} was never approved by a second person`,
    });
  return problems;
}

/** Where one of the requester's teams says which hosts it works on, a change of theirs touches no others. */
export function scopeProblems(
  {
    documents,
    inventory,
  }: { readonly documents: readonly LoadedDocument[]; readonly inventory: ResolvedInventory | null },
  { requester, hosts }: { readonly requester: string; readonly hosts: readonly string[] },
): readonly ChangeProblem[] {
  const scopes = teamsOf(requester, documents).flatMap(({ spec }) => (spec.hosts === undefined ? [] : [spec.hosts]));
  if (scopes.length === 0) return [];
  const groupsOf = new Map((inventory?.hosts ?? []).map(({ name, groups }) => [name, groups] as const));
  const allowed = new Set(scopes.flat());
  const outside = hosts.filter(
    (host) => !allowed.has(host) && !(groupsOf.get(host) ?? []).some((group) => allowed.has(`group/${group}`)),
  );
  if (outside.length === 0) return [];
  const more = outside.length > shown ? ` and ${outside.length - shown} more` : '';
  return [
    {
      code: 'TARGET_OUT_OF_SCOPE',
      message: `Cannot change ${outside.slice(0, shown).join(', ')}${more} as "${requester}": the teams of this person work on ${[...allowed].join(', ')}`,
    },
  ];
}

const shown = 5;

/** As published now, the newest version of each. */
function teamsOf(person: string, documents: readonly LoadedDocument[]): readonly LoadedTeam[] {
  const newest = new Map<string, LoadedTeam>();
  for (const document of documents) if (document.kind === 'Team') newest.set(document.metadata.name, document);
  return [...newest.values()].filter(({ spec }) => spec.members.includes(person));
}
