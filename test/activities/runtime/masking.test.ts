import { createHash } from 'node:crypto';

import fc from 'fast-check';

import { Mask } from '../../../activities/runtime/masking';
import { StoreSink } from '../../../activities/runtime/output-sink';
import type { Outputs } from '../../../platform/store/store';

const secretText = fc
  .string({ minLength: 6, maxLength: 24, unit: 'grapheme-ascii' })
  .filter((text) => !/\*/.test(text));
const address = { runId: 'r', path: 'p', phase: 'do', generation: 1 };

describe('Mask', () => {
  test('leaves no form of a secret in a text', () => {
    fc.assert(
      fc.property(secretText, fc.string(), fc.string(), (secret, before, after) => {
        const forms = [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)];

        for (const form of forms) expect(new Mask([secret]).text(`${before}${form}${after}`)).not.toContain(form);
      }),
    );
  });

  test('keeps every byte in its place', () => {
    fc.assert(
      fc.property(secretText, fc.string({ unit: 'binary' }), (secret, around) => {
        const bytes = Buffer.from(`${around}${secret}${around}`, 'utf8');

        expect(new Mask([secret]).bytes(bytes)).toHaveLength(bytes.length);
      }),
    );
  });

  test('an empty secret hides nothing', () => {
    expect(new Mask(['']).text('everything is readable')).toBe('everything is readable');
  });
});

describe('StoreSink', () => {
  test('no secret reaches the store, however the stream is cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        secretText,
        fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 40 }),
        async (secret, cuts) => {
          const whole = Buffer.from(`before ${secret} between ${secret}${secret} after`, 'utf8');
          const stored = Buffer.alloc(whole.length);
          const sink = new StoreSink(keeping(stored), address, new Mask([secret]));

          let offset = 0;
          for (const size of [...cuts, whole.length]) {
            sink.write('stdout', offset, whole.subarray(offset, offset + size));
            offset = Math.min(whole.length, offset + size);
          }
          await sink.close();

          const told = { stdoutBytes: whole.length, stderrBytes: 0, stdoutDigest: 'of the job', stderrDigest: '' };
          // A digest of the whole would tell whoever guesses the secret that they are right.
          expect(sink.digested(told).stdoutDigest).toBe(createHash('sha256').update(stored).digest('hex'));
          expect(stored.includes(secret)).toBe(false);
          expect(stored.toString('utf8')).toMatch(/^before \*+ between \*+ after$/);
        },
      ),
    );
  });
});

function keeping(stored: Buffer): Outputs {
  return {
    // oxlint-disable-next-line max-params -- the contract of the store
    write(_address, _stream, offset, bytes) {
      stored.set(bytes, offset);
      return Promise.resolve();
    },
    read: () => Promise.resolve(stored),
    size: () => Promise.resolve(stored.length),
    tail: () => Promise.resolve([]),
  };
}
