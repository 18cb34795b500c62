import { calendarsOf, dependencyGraphOf, itemsOf } from '../../../definitions/inventory/dependencies';
import { resolveInventory } from '../../../definitions/inventory';
import type { ResolvedInventory } from '../../../definitions/inventory';
import { relativesOf } from '../../../workflows/domain/dependency-graph';
import { load } from '../compiled';
import { documentText } from '../documents';

async function shop(): Promise<ResolvedInventory> {
  const text = documentText(
    'Inventory',
    'groups: {web: {maintenance: [sundays]}, eu: {children: [web], maintenance: [eu-freeze]}}',
    'hosts:',
    '  - {name: web1, groups: [web], maintenance: [rack-work, sundays]}',
    '  - {name: web2, groups: [web]}',
    '  - {name: db1}',
    'items:',
    '  service/shop: {runsOn: [group/web, host/db1], dependsOn: [service/db], maintenance: [shop-hours]}',
    '  service/db: {runsOn: [host/db1]}',
    '  service/reports: {dependsOn: [service/shop]}',
  );
  const [document] = load(text);
  const resolved = document?.kind === 'Inventory' ? await resolveInventory(document) : null;
  if (resolved?.ok !== true) throw new Error('Cannot resolve the inventory');
  return resolved.inventory;
}

test('services are parents of the hosts that they run on and of what they depend on (R-CONF-1)', async () => {
  const graph = dependencyGraphOf(await shop());

  expect(Object.fromEntries(relativesOf(graph, 'host/db1', 2))).toEqual({
    'service/shop': 'parent',
    'service/db': 'parent',
    'service/reports': 'parent',
  });
  expect(Object.fromEntries(relativesOf(graph, 'service/shop', 1))).toEqual({
    'service/reports': 'parent',
    'service/db': 'child',
    'host/web1': 'child',
    'host/web2': 'child',
    'host/db1': 'child',
  });
});

test('hosts that are worked on are items of their own', () => {
  expect(itemsOf(['web1', 'db1'])).toEqual(['host/web1', 'host/db1']);
});

test('the calendars of a host are its own and those of its groups; an item has its own (R-CONF-1)', async () => {
  expect(Object.fromEntries(calendarsOf(await shop()))).toEqual({
    'host/web1': ['eu-freeze', 'rack-work', 'sundays'],
    'host/web2': ['eu-freeze', 'sundays'],
    'service/shop': ['shop-hours'],
  });
});
