import { randomBytes } from 'node:crypto';

import { defaultPayloadConverter } from '@temporalio/common';
import type { Payload } from '@temporalio/common';
import fc from 'fast-check';

import { createPayloadCodec } from '../../platform/payload-codec';
import { parsePayloadKeys } from '../../platform/payload-keys';
import type { PayloadKey } from '../../platform/payload-keys';

function newKey(id: string): PayloadKey {
  const [key] = parsePayloadKeys(`${id}:${randomBytes(32).toString('base64')}`) ?? [];
  if (key === undefined) throw new Error('Cannot make a key: it is not read');
  return key;
}

const [old, current] = [newKey('2026-1'), newKey('2026-2')];
const codec = createPayloadCodec({ keys: [current, old], encrypts: true });
const payload = defaultPayloadConverter.toPayload({ host: 'db1.example.org', secret: 'not here' });

describe('createPayloadCodec()', () => {
  test('gives back what it was given, whatever that is', async () => {
    const values = fc.record({
      metadata: fc.dictionary(fc.string(), fc.uint8Array()),
      data: fc.uint8Array({ maxLength: 2_000 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(values, { maxLength: 4 }), async (payloads) => {
        const decoded = await codec.decode(await codec.encode(payloads));

        expect(decoded.map(plain)).toEqual(payloads.map(plain));
      }),
      { numRuns: 100 },
    );
  });

  test('shows the id of its key, and nothing of the content', async () => {
    const [encrypted] = await codec.encode([payload]);

    expect(Buffer.from(encrypted?.metadata?.['encoding'] ?? []).toString()).toBe('binary/encrypted');
    expect(Buffer.from(encrypted?.metadata?.['encryption-key-id'] ?? []).toString()).toBe('2026-2');
    expect(Buffer.from(encrypted?.data ?? []).toString('latin1')).not.toContain('db1');
  });

  test('never encrypts twice alike: equal values do not show', async () => {
    const [one, other] = await codec.encode([payload, payload]);

    expect(Buffer.from(one?.data ?? [])).not.toEqual(Buffer.from(other?.data ?? []));
  });

  test('after a rotation the old key still reads what it has encrypted, and the new one encrypts', async () => {
    const before = createPayloadCodec({ keys: [old], encrypts: true });
    const history = await before.encode([payload]);

    expect((await codec.decode(history)).map(plain)).toEqual([plain(payload)]);
    expect(await before.decode(await codec.encode([payload])).catch((error: unknown) => error)).toMatchObject({
      code: 'PAYLOAD_KEY_UNKNOWN',
      message: expect.stringContaining('"2026-2"'),
    });
  });

  test('finds any change: of content, of the tag, of the id of the key', async () => {
    const [encrypted] = await codec.encode([payload]);
    const data = Buffer.from(encrypted?.data ?? []);
    await fc.assert(
      fc.asyncProperty(fc.nat(data.length - 1), fc.integer({ min: 1, max: 255 }), async (at, by) => {
        const changed = Buffer.from(data);
        changed.writeUInt8(changed.readUInt8(at) ^ by, at);

        await expect(codec.decode([{ ...encrypted, data: changed }])).rejects.toThrow();
      }),
      { numRuns: 100 },
    );
    const renamed = { ...encrypted?.metadata, 'encryption-key-id': Buffer.from('2026-1') };
    await expect(codec.decode([{ metadata: renamed, data }])).rejects.toThrow();
  });

  test('reads histories from before, and with encryption off still those that are encrypted', async () => {
    const off = createPayloadCodec({ keys: [current], encrypts: false });

    expect(await codec.decode([payload])).toEqual([payload]);
    expect(await off.encode([payload])).toEqual([payload]);
    expect((await off.decode(await codec.encode([payload]))).map(plain)).toEqual([plain(payload)]);
  });
});

describe('parsePayloadKeys()', () => {
  const value = randomBytes(32).toString('base64');

  test.each([
    ['one', `a:${value}`, ['a']],
    ['several with commas', `b:${value}, a:${value}`, ['b', 'a']],
    ['one a line, as in a file', `b:${value}\na:${value}\n`, ['b', 'a']],
  ])('reads %s, the newest first', (_what, text, ids) => {
    expect(parsePayloadKeys(text)?.map(({ id }) => id)).toEqual(ids);
  });

  test.each([
    ['', 'nothing'],
    ['a', 'no key'],
    [`a:${value},a:${value}`, 'an id twice'],
    ['a:c2hvcnQ=', 'a short key'],
    [`a b:${value}`, 'an id with a space'],
  ])('does not read %s (%s)', (text) => {
    expect(parsePayloadKeys(text)).toBeNull();
  });

  test('keys do not print', () => {
    expect(JSON.stringify(parsePayloadKeys(`a:${value}`))).not.toContain(value);
  });
});

function plain({ metadata, data }: Payload): unknown {
  const members = Object.entries(metadata ?? {}).map(([name, value]) => [name, Buffer.from(value).toString('hex')]);
  return { metadata: Object.fromEntries(members), data: Buffer.from(data ?? []).toString('hex') };
}
