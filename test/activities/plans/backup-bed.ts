import { PublishedShelf } from '../../../activities/plans/published-shelf';
import { createRegistry } from '../../../client/published-registry';
import type { Store } from '../../../platform/store/store';
import { planText, providerText, surroundings } from '../../definitions/backup-documents';

/** Publishes a plan `sample` of the provider `fake` with the lines, and what it needs. */
export async function publishPlan(store: Store, ...lines: readonly string[]): Promise<PublishedShelf> {
  await publish(store, surroundings, providerText('fake'), planText(...lines.map(withIdentity)));
  return new PublishedShelf(store);
}

/** No drill goes without one; most tests are about something else. */
function withIdentity(line: string): string {
  const isBare = line.startsWith('drill: {') && !line.includes('identity:');
  return isBare ? line.replace('{', '{identity: {hostName: web1}, ') : line;
}

export async function publish(store: Store, ...texts: readonly string[]): Promise<void> {
  const sources = texts.map((text, index) => ({ name: `${index}.yaml`, text, files: {} }));
  await createRegistry(store).apply(sources, { actor: 'user/anna', via: 'test' });
}
