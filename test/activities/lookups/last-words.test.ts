import { lastWords } from '../../../activities/lookups/last-words';
import { useStore } from '../changes/bed';
import { runCreated, runEnded } from '../../platform/store/entries';
import { streamOf } from '../../../workflows/domain/streams';

const store = useStore();

async function say(runId: string, stream: 'stdout' | 'stderr', text: string): Promise<void> {
  const address = { runId, path: 'step', phase: 'do', generation: 1 } as const;
  await store().outputs.write(address, stream, 0, Buffer.from(text));
}

test('the last line on stderr is what a run said last', async () => {
  await say('r1', 'stdout', 'all is well\n');
  await say('r1', 'stderr', 'trying\nCannot open the repository: no such folder\n\n');

  expect(await lastWords(store(), { runId: 'r1' })).toEqual({ text: 'Cannot open the repository: no such folder' });
});

test('a run that said nothing, and has no child, has no last words', async () => {
  await say('r1', 'stdout', 'all is well\n');

  expect(await lastWords(store(), { runId: 'r1' })).toEqual({ text: '' });
});

test('of a run that failed by its child, the child had the last word', async () => {
  await store().journal.append(streamOf('r2'), [runCreated({ parent: 'r1' }), runEnded({ outcome: 'failed' })]);
  await say('r2', 'stderr', 'no space left\n');

  expect(await lastWords(store(), { runId: 'r1' })).toEqual({ text: 'no space left' });
});
