import type { Json } from '../../workflows/domain/json';
import { isList, isObject } from '../../workflows/domain/json-values';
import type { Expression } from '../../workflows/domain/value';
import type { PlanHostStep } from '../../workflows/runbook/plan';
import type { Delegate, Targets } from '../../workflows/runbook/fields/schema';
import { check, evaluate, keepExpression, soleExpression } from './expressions';
import { isPlanPhase, planText } from './fields';
import type { PlanText } from './fields';
import { below, report, siteOf } from './site';
import type { Placed, Site } from './site';

export interface CompiledTargets {
  readonly set: string;
  readonly hosts: readonly string[];
  readonly single: boolean;
  readonly only?: Expression;
}

/** Whole selections; `limited` is what is left of them by `--limit`. */
export function compileTargets(
  at: Site,
  targets: Placed<Targets>,
  rules: { readonly allowEmpty: boolean; readonly order?: (names: readonly string[]) => readonly string[] },
): CompiledTargets | null {
  const site = siteOf(at, targets);
  const { value } = targets;
  const chosen = typeof value === 'object' && 'from' in value ? value : null;
  const from = chosen === null ? value : chosen.from;
  const selected = selectHosts(
    chosen === null ? site : below(site, 'from'),
    typeof from === 'object' && 'from' in from ? [] : from,
  );
  if (selected === null) return null;
  const only = chosen === null ? null : keepExpression(below(site, 'only'), chosen.only);
  const limited = limit(site, selected);
  const hosts = rules.order?.(limited) ?? limited;
  if (hosts.length === 0 && !rules.allowEmpty && selected.names.length === 0 && site.unit.evaluates)
    report(site, {
      code: 'EMPTY_SELECTION',
      message: 'Cannot select targets: no host of the inventory matches; allowEmpty: true accepts that',
    });
  const set = site.unit.session.sets.define(hosts);
  return { set, hosts, single: selected.single, ...(only === null ? {} : { only }) };
}

interface Selected {
  readonly names: readonly string[];
  readonly single: boolean;
}

function selectHosts(site: Site, from: string | readonly string[]): Selected | null {
  if (typeof from === 'string') return selectOne(site, from);
  const names: string[] = [];
  for (const [index, item] of from.entries()) {
    const selected = selectOne(below(site, index), item);
    if (selected === null) return null;
    for (const name of selected.names) names.push(name);
  }
  return { names: [...new Set(names)], single: false };
}

/** A host's name, or an expression that gives a host, a name, or a list of them. */
function selectOne(site: Site, text: string): Selected | null {
  if (!text.includes('${{')) return namedHosts(site, text, true);
  const sole = soleExpression(site, text);
  const checked = sole === null ? null : check(site, sole.source, sole.offset);
  if (checked === null || !isPlanPhase(site, checked)) return null;
  const value = evaluate(site, checked.source);
  if (value === undefined) return site.unit.evaluates ? null : { names: [], single: false };
  return namedHosts(site, value, !isList(value));
}

function namedHosts(site: Site, value: Json, single: boolean): Selected | null {
  const names: string[] = [];
  for (const item of isList(value) ? value : [value]) {
    const name = isObject(item) ? item['name'] : item;
    if (typeof name !== 'string') {
      report(site, {
        code: 'INVALID_TARGET',
        message: `Cannot select targets: found ${JSON.stringify(item)}, expected hosts or their names`,
      });
      return null;
    }
    const { inventory } = site.unit.session;
    if (inventory !== null && !inventory.hosts.has(name)) {
      report(site, {
        code: 'UNKNOWN_HOST',
        message: `Cannot find the host "${name}": the inventory has none of this name`,
        found: name,
        accepted: [...inventory.hosts.keys()].slice(0, 50),
      });
      return null;
    }
    names.push(name);
  }
  return { names: [...new Set(names)], single };
}

function limit(site: Site, { names, single }: Selected): readonly string[] {
  const { limit: limited } = site.unit.session;
  return limited === null || single ? names : names.filter((name) => limited.has(name));
}

/** `delegate`, decided for each host of a set; the set of all delegates is a target set of its own. */
export function compileDelegate(
  at: Site,
  delegate: Placed<Delegate>,
  step: { readonly at: string; readonly set: string },
): { readonly set: string; readonly all: boolean } | null {
  const site = siteOf(at, delegate);
  const { session } = site.unit;
  const texts = typeof delegate.value === 'string' ? [delegate.value] : delegate.value;
  const byHost = new Map<string, readonly string[]>();
  for (const host of session.sets.members(step.set)) {
    const names: string[] = [];
    for (const [index, text] of texts.entries()) {
      const selected = selectForHost(typeof delegate.value === 'string' ? site : below(site, index), text, host);
      if (selected === null) return null;
      names.push(...selected.names);
    }
    byHost.set(host, [...new Set(names)]);
  }
  if (byHost.size === 0) for (const text of texts) selectForHost(site, text, '');
  const all = [...new Set([...byHost.values()].flat())].sort(byInventory(site));
  const set = session.sets.define(all);
  const positions = new Map(all.map((name, index) => [name, index]));
  for (const [host, names] of byHost) {
    if (names.length === 0)
      report(site, { code: 'EMPTY_SELECTION', message: `Cannot delegate for host "${host}": no host matches` });
    const delegates = names.flatMap((name) => positions.get(name) ?? []);
    session.sets.decide(step.set, host, { at: step.at, step: { delegates } });
  }
  return { set, all: true };
}

function selectForHost(site: Site, text: string, host: string): Selected | null {
  if (!text.includes('${{')) return namedHosts(site, text, true);
  const sole = soleExpression(site, text);
  const checked = sole === null ? null : check(site, sole.source, sole.offset);
  if (checked === null || !isPlanPhase(site, checked, true)) return null;
  const view = site.unit.session.inventory?.hostViews.get(host);
  const value = view === undefined ? undefined : evaluate(site, checked.source, view);
  if (value === undefined) return site.unit.evaluates && view !== undefined ? null : { names: [], single: false };
  return namedHosts(site, value, !isList(value));
}

function byInventory(site: Site): (a: string, b: string) => number {
  const order = new Map([...(site.unit.session.inventory?.hosts.keys() ?? [])].map((name, index) => [name, index]));
  return (a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0);
}

/** A text such as `as` or a lock's name: one for the step, or one for each host, kept beside the host. */
export function perHostText<K extends 'as' | 'connection'>(
  at: Site,
  raw: Placed<string>,
  step: { readonly at: string; readonly set: string | null; readonly field: K },
): { readonly text: string | undefined } {
  const site = siteOf(at, raw);
  const text = planText(site, raw.value, { host: step.set !== null });
  if (text === null || !text.perHost || step.set === null) return { text: text?.text };
  eachHost(site, { set: step.set, at: step.at, text }, (value) =>
    step.field === 'as' ? { as: value } : { connection: value },
  );
  return { text: undefined };
}

/** Names of locks: those that are the same for every host are the step's, the others stand beside the host. */
export function compileLocks(
  site: Site,
  locks: readonly string[] | undefined,
  step: { readonly at: string; readonly set: string | null },
): { readonly names: readonly string[]; readonly perHost: boolean } {
  const names: string[] = [];
  const perHost: PlanText[] = [];
  for (const [index, raw] of (locks ?? []).entries()) {
    const text = planText(below(site, 'locks', index), raw, { host: step.set !== null });
    if (text === null) continue;
    if (text.perHost) perHost.push(text);
    else if (text.text !== undefined) names.push(text.text);
  }
  const { session } = site.unit;
  for (const host of perHost.length > 0 && step.set !== null ? session.sets.members(step.set) : []) {
    const view = session.inventory?.hostViews.get(host);
    const own = perHost.flatMap((text) => (view === undefined ? [] : (text.forHost(view) ?? [])));
    if (step.set !== null) session.sets.decide(step.set, host, { at: step.at, step: { locks: own.sort() } });
  }
  return { names: [...new Set(names)].sort(), perHost: perHost.length > 0 };
}

function eachHost(
  site: Site,
  work: { readonly set: string; readonly at: string; readonly text: PlanText },
  decide: (value: string) => PlanHostStep,
): void {
  const { session } = site.unit;
  for (const host of session.sets.members(work.set)) {
    const view = session.inventory?.hostViews.get(host);
    const value = view === undefined ? undefined : work.text.forHost(view);
    if (value !== undefined) session.sets.decide(work.set, host, { at: work.at, step: decide(value) });
  }
}
