import { LabelledOutput, placeOf } from '../../../client/cli/labelled-output';
import type { OutputChunkView } from '../../../client/api/schema';

function chunk(bytes: Buffer | string, change: Partial<OutputChunkView> = {}): OutputChunkView {
  const base64 = Buffer.from(bytes).toString('base64');
  return {
    position: 1,
    path: 'upgrade/host:web1/install',
    phase: 'do',
    generation: 1,
    stream: 'stdout',
    offset: 0,
    base64,
    ...change,
  };
}

test.each([
  ['upgrade/host:web1/install', { step: 'install', host: 'web1' }],
  ['upgrade/host:web1/drain/delegate:lb1', { step: 'drain', host: 'web1 on lb1' }],
  ['restore/item:shop/load', { step: 'load', host: null }],
  ['go/host:a%2Fb', { step: 'go', host: 'a/b' }],
])('placeOf(%s)', (path, expected) => {
  expect(placeOf(path)).toEqual(expected);
});

test('LabelledOutput joins lines and characters that were cut between chunks, and keeps jobs apart', () => {
  const lines: string[] = [];
  const output = new LabelledOutput((line) => void lines.push(line));
  const text = Buffer.from('größe\nend');

  output.write(chunk(text.subarray(0, 3)));
  output.write(chunk('other\n', { path: 'upgrade/host:web2/install', stream: 'stderr' }));
  output.write(chunk(text.subarray(3), { offset: 3 }));
  output.end();

  expect(lines).toEqual(['web2 install ! | other', 'web1 install | größe', 'web1 install | end']);
});
