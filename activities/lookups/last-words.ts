import type { Store } from '../../platform/store/store';
import type { Lookups } from '../../workflows/effects';

/** A program says why it fails at the end of what it says. */
const chunksRead = 500;
const longest = 300;

/** For whoever reads why something failed without looking into its output. */
export async function lastWords(
  store: Pick<Store, 'outputs' | 'views'>,
  { runId }: Lookups['lastWords']['asked'],
): Promise<Lookups['lastWords']['answer']> {
  const children = await store.views.runs({ parent: runId, limit: 20 });
  const failed = children.find(({ outcome }) => outcome !== null && outcome !== 'succeeded');
  for (const id of failed === undefined ? [runId] : [runId, failed.id]) {
    const chunks = await store.outputs.tail(id, 0, chunksRead);
    const said = chunks.filter(({ stream }) => stream === 'stderr').map(({ bytes }) => Buffer.from(bytes));
    const lines = Buffer.concat(said).toString('utf8').split('\n');
    const last = lines.findLast((line) => line.trim() !== '');
    if (last !== undefined) return { text: last.trim().slice(0, longest) };
  }
  return { text: '' };
}
