import { parseInputs } from '../../workflows/domain/inputs';
import { engineMutations, mutationsOf, neededRoles, providerRunbooks } from '../backup-provider';
import type { ProviderRole } from '../backup-provider';
import type { LoadedBackupPlan, LoadedRunbook } from '../document';
import { resolveReference } from '../library';
import { contractProblems } from '../lint/contract';
import { atKey, atValue } from '../lint/note';
import { matchesInTime } from '../pattern';
import { nearestWord } from '../problems';
import type { DocumentPath, Problem } from '../problems';
import { resolve, teamsAmong } from './named';
import type { Named, ReferenceOptions } from './named';

/** Everything that a plan needs must be there when it is published: nobody looks on when its backup is due. */
export function backupPlanReferences(document: LoadedBackupPlan, options: ReferenceOptions): readonly Problem[] {
  const { spec, metadata } = document;
  const runbooks = providerRunbooks(spec.provider, options.tiers);
  const people: readonly (readonly [DocumentPath, readonly string[]])[] = [
    [['spec', 'restore', 'approvers'], spec.restore?.approvers ?? []],
    [['spec', 'holds', 'approvers'], spec.holds?.approvers ?? []],
  ];
  const owner = metadata.owner === undefined ? [] : teamsAmong([metadata.owner], () => ['metadata', 'owner']);
  const teams = [...owner, ...people.flatMap(([path, each]) => teamsAmong(each, (index) => [...path, index]))];
  const hooks = hooksOf(document, options);
  return [
    ...providerProblems(document, runbooks, options),
    ...hooks.problems,
    ...inputProblems(document, [...runbooks.values(), ...hooks.runbooks], options),
    ...mutationProblems(document, runbooks),
    ...hostProblems(document, options),
    ...teams.flatMap(resolve(document, options)),
  ];
}

type Runbooks = ReadonlyMap<ProviderRole, LoadedRunbook>;

function providerProblems(
  document: LoadedBackupPlan,
  runbooks: Runbooks,
  options: ReferenceOptions,
): readonly Problem[] {
  const { provider, repositories } = document.spec;
  const path = ['spec', 'provider'];
  if (runbooks.size === 0) {
    const accepted = knownProviders(options);
    const message = `Cannot use the provider "${provider}": there is no runbook "backup/${provider}/backup"`;
    const nearest = nearestWord(provider, accepted);
    return [atValue(document, path, { code: 'UNKNOWN_REFERENCE', message, found: provider, accepted, nearest })];
  }
  const incomplete = (state: string): Problem =>
    atValue(document, path, {
      code: 'PROVIDER_INCOMPLETE',
      message: `Cannot use the provider "${provider}": ${state}`,
      found: provider,
    });
  const missing = neededRoles.filter((role) => !runbooks.has(role));
  const problems = missing.length === 0 ? [] : [incomplete(`it has no runbook for ${missing.join(', ')}`)];
  for (const [role, runbook] of runbooks) {
    const unmet = unmetContract(runbook, `backup/${role}`, options);
    if (unmet !== null) problems.push(incomplete(`its runbook for ${role} ${unmet}`));
  }
  if (repositories.offsite !== undefined && !runbooks.has('copy')) {
    const message = `Cannot copy to an offsite repository: the provider "${provider}" has no runbook for copy`;
    problems.push(atKey(document, ['spec', 'repositories', 'offsite'], { code: 'PROVIDER_INCOMPLETE', message }));
  }
  return problems;
}

/** Null: it keeps the contract. */
function unmetContract(runbook: LoadedRunbook, contract: string, { tiers }: ReferenceOptions): string | null {
  const named = runbook.spec.implements ?? '';
  if (named.split('@')[0] !== contract) return `does not implement ${contract}`;
  const found = resolveReference('Runbook', named, tiers);
  if (!found.ok) return `implements "${named}", which is not there`;
  return contractProblems(runbook, found.document)[0]?.message ?? null;
}

function knownProviders({ tiers }: ReferenceOptions): readonly string[] {
  const names = tiers.flat().flatMap(({ kind, metadata }) => {
    const [, provider] = /^backup\/(.+)\/backup$/.exec(kind === 'Runbook' ? metadata.name : '') ?? [];
    return provider === undefined ? [] : [provider];
  });
  return [...new Set(names)].sort();
}

function hooksOf(
  document: LoadedBackupPlan,
  options: ReferenceOptions,
): { readonly runbooks: readonly LoadedRunbook[]; readonly problems: readonly Problem[] } {
  const { quiesce = {} } = document.spec;
  const runbooks: LoadedRunbook[] = [];
  const problems: Problem[] = [];
  for (const key of ['before', 'after'] as const) {
    const reference = quiesce[key];
    if (reference === undefined) continue;
    const path = ['spec', 'quiesce', key];
    const found = resolveReference('Runbook', reference, options.tiers);
    const named: Named = { kind: 'Runbook', reference, path };
    if (!found.ok) problems.push(...resolve(document, options)(named));
    else {
      runbooks.push(found.document);
      const unmet = unmetContract(found.document, 'backup/hook', options);
      const message = `Cannot quiesce by "${reference}": it ${unmet ?? ''}`;
      if (unmet !== null) problems.push(atValue(document, path, { code: 'CONTRACT_UNMET', message, found: reference }));
    }
  }
  return { runbooks, problems };
}

/** `with` is for what a provider asks beyond the contracts: the engine gives all else, in its own words. */
function inputProblems(
  document: LoadedBackupPlan,
  runbooks: readonly LoadedRunbook[],
  { tiers }: ReferenceOptions,
): readonly Problem[] {
  const { with: given = {} } = document.spec;
  const fromEngine = new Set(
    runbooks.flatMap(({ spec }) => {
      const contract = resolveReference('Runbook', spec.implements ?? '', tiers);
      return contract.ok ? Object.keys(contract.document.spec.inputs ?? {}) : [];
    }),
  );
  const declared = runbooks.map(({ spec }) => spec.inputs ?? {});
  const accepted = [...new Set(declared.flatMap(Object.keys))].filter((name) => !fromEngine.has(name)).sort();
  return Object.entries(given).flatMap(([name, value]) => {
    const path = ['spec', 'with', name];
    if (fromEngine.has(name)) {
      const message = `Cannot use the input "${name}": the engine gives it to the provider itself`;
      return [atKey(document, path, { code: 'UNKNOWN_INPUT', message, found: name, accepted })];
    }
    const [input] = declared.flatMap((inputs) => inputs[name] ?? []);
    if (input === undefined) {
      if (runbooks.length === 0) return [];
      const message = `Cannot use the input "${name}": no runbook of the provider has one of this name`;
      const nearest = nearestWord(name, accepted);
      return [atKey(document, path, { code: 'UNKNOWN_INPUT', message, found: name, accepted, nearest })];
    }
    const context = { declared: { [name]: input }, findHost: null, late: new Set<string>(), matches: matchesInTime };
    return parseInputs({ [name]: value }, context).problems.map(({ code, message }) =>
      atValue(document, path, { code, message }),
    );
  });
}

function mutationProblems(document: LoadedBackupPlan, runbooks: Runbooks): readonly Problem[] {
  if (runbooks.size === 0) return [];
  const { provider, drill } = document.spec;
  const accepted = mutationsOf(runbooks);
  return (drill?.mutations ?? []).flatMap((mutation, index) => {
    if (accepted.includes(mutation)) return [];
    const state = accepted.length === engineMutations.length ? 'has no runbook for mutate' : 'does not know it';
    const message = `Cannot corrupt a copy by "${mutation}": the provider "${provider}" ${state}`;
    const nearest = nearestWord(mutation, accepted);
    const path = ['spec', 'drill', 'mutations', index];
    return [atValue(document, path, { code: 'INVALID_VALUE', message, found: mutation, accepted, nearest })];
  });
}

/** Hosts of an inventory that lists them itself; what a source answers is not known here. */
function hostProblems(document: LoadedBackupPlan, options: ReferenceOptions): readonly Problem[] {
  const { inventory, host, drill } = document.spec;
  const named = [
    { inventory, at: ['inventory'], host, hostAt: ['host'] },
    {
      inventory: drill?.inventory ?? inventory,
      at: drill?.inventory === undefined ? null : ['drill', 'inventory'],
      host: drill?.host,
      hostAt: ['drill', 'host'],
    },
  ];
  return named.flatMap(({ inventory: reference, at, host: name, hostAt }) => {
    if (reference === undefined) return [];
    const found = resolveReference('Inventory', reference, options.tiers);
    if (!found.ok)
      return at === null ? [] : resolve(document, options)({ kind: 'Inventory', reference, path: ['spec', ...at] });
    const { hosts, source } = found.document.spec;
    const accepted = (hosts ?? []).map((each) => each.name);
    if (name === undefined || source !== undefined || accepted.includes(name)) return [];
    const message = `Cannot use the host "${name}": the inventory "${reference}" has none of this name`;
    const shown = { found: name, accepted: accepted.slice(0, 50), nearest: nearestWord(name, accepted) };
    return [atValue(document, ['spec', ...hostAt], { code: 'UNKNOWN_HOST', message, ...shown })];
  });
}
