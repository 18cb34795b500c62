import * as fc from 'fast-check';

import { readEventStream } from '../../../client/typed/event-stream';
import type { StreamMessage } from '../../../client/typed/event-stream';

async function read(...chunks: readonly Uint8Array[]): Promise<readonly StreamMessage[]> {
  async function* bytes(): AsyncGenerator<Uint8Array> {
    yield* chunks;
  }
  const messages: StreamMessage[] = [];
  for await (const message of readEventStream(bytes())) messages.push(message);
  return messages;
}

test('readEventStream() reads id, event and data, and passes comments over', async () => {
  const text = ': open\n\nid: 7\nevent: entry\ndata: {"a":1}\n\n: quiet\n\ndata: one\ndata: two\n\n';

  expect(await read(Buffer.from(text))).toEqual([
    { id: '7', event: 'entry', data: '{"a":1}' },
    { id: null, event: 'message', data: 'one\ntwo' },
  ]);
});

test('readEventStream() tells where the listener is, also without news', async () => {
  expect(await read(Buffer.from('id: 9\n: quiet\n\n'))).toEqual([{ id: '9', event: 'message', data: '' }]);
});

test('readEventStream() leaves out a message that broke off', async () => {
  expect(await read(Buffer.from('id: 1\ndata: whole\n\nid: 2\ndata: ha'))).toEqual([
    { id: '1', event: 'message', data: 'whole' },
  ]);
});

test('readEventStream() reads the same however the bytes are cut', async () => {
  const text = Buffer.from('id: 1\nevent: entry\ndata: "grün ✓"\n\nid: 2\nevent: end\ndata: {}\n\n');
  const whole = await read(text);
  const cuts = fc.array(fc.nat(text.length), { maxLength: 6 });

  await fc.assert(
    fc.asyncProperty(cuts, async (places) => {
      const edges = [0, ...places.toSorted((a, b) => a - b), text.length];
      const chunks = edges.slice(1).map((edge, index) => text.subarray(edges[index], edge));
      expect(await read(...chunks)).toEqual(whole);
    }),
  );
});
