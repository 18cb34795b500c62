import { SecretSink } from '../../../activities/runtime/secret-sink';

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString();

test('errors of a step that captures a secret are kept up to the limit, without a hole and without its output', async () => {
  const kept: [string, number, string][] = [];
  const sink = new SecretSink();
  sink.write('stdout', 0, Buffer.from('the secret'));
  sink.write('stderr', 0, Buffer.from('first '));
  sink.write('stderr', 6, Buffer.alloc(64 * 1024, 'x'));
  sink.write('stderr', 6 + 64 * 1024, Buffer.from('after the hole'));

  await sink.keepErrors({
    write: (stream, offset, bytes) => void kept.push([stream, offset, text(bytes)]),
    close: () => Promise.resolve(),
  });

  expect(kept).toEqual([['stderr', 0, 'first ']]);
});
