import { readItemSurroundings } from '../../../activities/plans/item-surroundings';
import { loadText } from '../../../definitions/load';
import { relativesOf } from '../../../workflows/domain/dependency-graph';

function shelf(...texts: readonly string[]) {
  const documents = texts.flatMap((text, index) => loadText(`inventory-${index}.yaml`, text).documents);
  return { documents: () => Promise.resolve({ documents, files: new Map() }) };
}

function inventory(name: string, version: string, spec: string): string {
  return `apiVersion: mainstay/v1\nkind: Inventory\nmetadata: {name: ${name}, version: ${version}}\nspec: ${spec}\n`;
}

test('readItemSurroundings() puts together what needs what in all inventories (R-CONF-1)', async () => {
  const found = await readItemSurroundings(
    shelf(
      inventory(
        'one',
        '1.0.0',
        '{hosts: [{name: web1}], items: {service/shop: {runsOn: [host/web1], dependsOn: [service/db]}, service/db: {}}}',
      ),
      inventory('two', '1.0.0', '{hosts: [{name: db1}], items: {service/db: {runsOn: [host/db1]}}}'),
    ),
  );

  expect([...relativesOf(found.graph, 'service/shop', 2)]).toEqual([
    ['host/web1', 'child'],
    ['service/db', 'child'],
    ['host/db1', 'child'],
  ]);
  expect(found.unreadable).toEqual([]);
});

test('readItemSurroundings() goes by the newest version of each inventory', async () => {
  const found = await readItemSurroundings(
    shelf(
      inventory('one', '1.10.0', '{hosts: [{name: web1}], items: {service/new: {runsOn: [host/web1]}}}'),
      inventory('one', '1.9.0', '{hosts: [{name: web1}], items: {service/old: {runsOn: [host/web1]}}}'),
    ),
  );

  expect([...relativesOf(found.graph, 'host/web1', 1).keys()]).toEqual(['service/new']);
});

test('readItemSurroundings() names the inventory that cannot be read, and goes on with the others', async () => {
  const found = await readItemSurroundings(
    shelf(
      inventory('cloud', '1.0.0', '{source: {command: [/nonexistent/inventory]}}'),
      inventory('one', '1.0.0', '{hosts: [{name: web1}], items: {service/shop: {runsOn: [host/web1]}}}'),
    ),
  );

  expect(found.unreadable).toEqual(['cloud']);
  expect([...relativesOf(found.graph, 'host/web1', 1).keys()]).toEqual(['service/shop']);
});
