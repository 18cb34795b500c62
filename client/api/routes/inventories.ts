import { z } from 'zod';

import type { ResolvedHost } from '../../../definitions/inventory';
import { scopeOfLabels } from '../../../workflows/domain/scope';
import { RequestError } from '../errors';
import type { Subject } from '../authorize';
import type { ApiContext } from '../context';
import { InventoryHosts, InventoryList } from '../authoring-schema';
import { pageOf, pageQuery } from '../page';
import { defineRoute, get } from '../route';

const list = defineRoute({
  ...get('/inventories'),
  summary: 'Published inventories, the newest version of each',
  action: 'inventory.read',
  about: 'filtered',
  query: z.strictObject(pageQuery),
  answer: InventoryList,
  async handle({ query, caller: { access } }, { registry }) {
    const found = await registry.drafts.inventories((_kind, scope) => access.may('inventory.read', scope));
    const { page, next } = pageOf(found, query, { keyOf: ({ metadata }) => [metadata.name] });
    return {
      next,
      inventories: page.map(({ metadata: { name, version, title = '', owner = '', labels = {} }, spec }) => ({
        name,
        version,
        title,
        owner,
        labels,
        hosts: spec.source === undefined ? (spec.hosts ?? []).length : null,
      })),
    };
  },
});

const hosts = defineRoute({
  ...get('/inventories/:name/hosts'),
  summary: 'Hosts of an inventory as a plan would find them now; those whose name, group or label holds `q`',
  action: 'inventory.read',
  about: aboutInventory,
  params: z.object({ name: z.string().min(1).max(300) }),
  query: z.strictObject({
    q: z.string().max(200).exactOptional(),
    /** A group. */
    group: z.string().max(200).exactOptional(),
    /** A host of the page before. */
    after: z.string().max(500).exactOptional(),
    limit: z.coerce.number().int().min(1).max(5_000).default(1_000),
  }),
  answer: InventoryHosts,
  async handle({ params, query }, { registry }) {
    const inventory = await registry.drafts.inventory(params.name);
    const wanted = inventory.hosts.filter((host) => isWanted(host, query));
    const start = query.after === undefined ? 0 : wanted.findIndex(({ name }) => name === query.after) + 1;
    const page = wanted.slice(start, start + query.limit);
    const last = page.at(-1);
    return {
      hosts: page.map(hostView),
      groups: Object.fromEntries(Object.entries(inventory.groups).map(([name, members]) => [name, [...members]])),
      total: wanted.length,
      next: last === undefined || start + page.length >= wanted.length ? null : last.name,
    };
  },
});

/** By the newest version, as it is what is read. */
async function aboutInventory(
  { params: { name } }: { readonly params: { readonly name: string } },
  { registry }: ApiContext,
): Promise<Subject | null> {
  const found = (await registry.drafts.inventories(() => true)).find(({ metadata }) => metadata.name === name);
  if (found === undefined) return null;
  const missing = (): RequestError =>
    new RequestError('DEFINITION_NOT_FOUND', `Cannot find Inventory "${name}": not published`);
  return { scope: scopeOfLabels(found.metadata.labels), seenBy: 'inventory.read', missing };
}

function isWanted(host: ResolvedHost, { q, group }: { readonly q?: string; readonly group?: string }): boolean {
  if (group !== undefined && !host.groups.includes(group)) return false;
  if (q === undefined) return true;
  const texts = [host.name, host.address, ...host.groups, ...Object.entries(host.labels).map((pair) => pair.join('='))];
  return texts.some((text) => text.toLowerCase().includes(q.toLowerCase()));
}

function hostView({ name, address, port, user, labels, groups }: ResolvedHost) {
  const way = { ...(port === undefined ? {} : { port }), ...(user === undefined ? {} : { user }) };
  return { name, address, ...way, labels: { ...labels }, groups: [...groups] };
}

export const inventoryRoutes = [list, hosts] as const;
