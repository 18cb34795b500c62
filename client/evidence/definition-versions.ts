import type { Store } from '../../platform/store/store';
import type { Json } from '../../workflows/domain/json';
import { isList } from '../../workflows/domain/json-values';
import type { DefinitionVersion, PlanPart } from './format';
import { isObject, memberOf, textIn } from './payload';
import type { EvidenceSummary } from './summary';

/**
 * Which versions of which definitions a process went by: its runbooks and those that they call, and the calendars that were asked.
 * The rules of approval policies are in the plan itself, for a vote is given to the rule and not to its name.
 */
export async function definitionsOf(
  store: Store,
  plans: readonly PlanPart[],
  { calendars }: Pick<EvidenceSummary, 'calendars'>,
): Promise<readonly DefinitionVersion[]> {
  const found = new Map<string, DefinitionVersion>();
  for (const { plan } of plans) for (const runbook of runbooksIn(plan)) found.set(keyOf(runbook), runbook);
  for (const { calendar: name, version } of calendars) {
    const digest = (await store.definitions.get('Calendar', name, version))?.digest ?? '';
    const one = { kind: 'Calendar', name, version, digest };
    found.set(keyOf(one), one);
  }
  return [...found.keys()].toSorted().flatMap((key) => found.get(key) ?? []);
}

function keyOf({ kind, name, version }: DefinitionVersion): string {
  return `${kind}/${name}@${version}`;
}

/** Programs are nested in programs: whatever has a `definition` with a digest is one. */
function* runbooksIn(value: Json): Generator<DefinitionVersion> {
  if (isList(value)) for (const item of value) yield* runbooksIn(item);
  if (!isObject(value)) return;
  const definition = memberOf(value, 'definition');
  const [name, version, digest] = [
    textIn(definition, 'name'),
    textIn(definition, 'version'),
    textIn(definition, 'digest'),
  ];
  if (digest !== '') yield { kind: 'Runbook', name, version, digest };
  for (const member of Object.values(value)) if (member !== undefined) yield* runbooksIn(member);
}
