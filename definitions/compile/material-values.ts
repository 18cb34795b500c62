import { parseExpression } from '../../workflows/domain/expression';
import { fieldsUnder, selects } from '../../workflows/domain/expression-syntax';
import type { Json } from '../../workflows/domain/json';
import { isList, isObject } from '../../workflows/domain/json-values';
import { parseTemplate } from '../../workflows/domain/template';
import type { Runbook } from '../../workflows/runbook/schema';
import { asJson } from '../plan-hash';
import { materialHost } from './inventory-view';
import type { HostFieldsRead, InventoryView } from './inventory-view';

/** Which labels and variables of hosts this runbook reads: those, and no others, are part of its inputs and its snapshot. */
export function fieldsRead(spec: Runbook): HostFieldsRead {
  const labels = new Set<string>();
  const hostVars = new Set<string>();
  let groups = false;
  for (const source of sourcesIn(asJson(spec))) {
    const expression = parseExpression(source);
    if (!expression.ok) continue;
    for (const label of fieldsUnder(expression.syntax, 'labels')) labels.add(label);
    for (const name of fieldsUnder(expression.syntax, 'vars')) hostVars.add(name);
    groups ||= selects(expression.syntax, 'groups');
  }
  return { labels, hostVars, groups };
}

/** Hosts inside a value are reduced to what is read of them. */
export function materialValue(value: Json, inventory: InventoryView | null, read: HostFieldsRead): Json {
  if (isList(value)) return value.map((item) => materialValue(item, inventory, read));
  if (!isObject(value)) return value;
  const name = value['name'];
  const host =
    typeof name === 'string' && inventory?.hostViews.get(name) === value ? inventory.hosts.get(name) : undefined;
  if (host !== undefined) return materialHost(host, read);
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, materialValue(member, inventory, read)]),
  );
}

/** Every expression in the texts of a value. */
export function sourcesIn(raw: Json): readonly string[] {
  if (isList(raw)) return raw.flatMap(sourcesIn);
  if (isObject(raw)) return Object.values(raw).flatMap(sourcesIn);
  const parsed = typeof raw === 'string' ? parseTemplate(raw) : null;
  return parsed?.ok === true ? parsed.parts.flatMap((part) => ('expression' in part ? [part.expression] : [])) : [];
}
