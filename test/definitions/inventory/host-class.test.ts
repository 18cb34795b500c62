import { hostClasses } from '../../../definitions/inventory/host-class';
import { resolveInventory } from '../../../definitions/inventory';
import { load } from '../compiled';
import { documentText } from '../documents';

test.each([
  ['the value of the label that the inventory names', ['hostClass: size'], ['large', '', '']],
  ['one for all where it names none', [], ['', '', '']],
])('the class of a host is %s', async (_, lines, classes) => {
  const hosts = 'hosts: [{name: a, labels: {size: large}}, {name: b}]';
  const [document] = load(documentText('Inventory', hosts, ...lines));
  const resolved = document?.kind === 'Inventory' ? await resolveInventory(document) : null;
  if (resolved?.ok !== true) throw new Error('Cannot resolve the inventory');

  expect(['a', 'b', 'gone'].map(hostClasses(resolved.inventory))).toEqual(classes);
});
