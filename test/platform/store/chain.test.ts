import { entryHash, genesisHash, inconsistency, payloadDigest } from '../../../platform/store/chain';
import { sampleJournal } from './sample-journal';

const entry = {
  stream: 'run/r1',
  seq: 1,
  key: 'ü',
  kind: 'run.started',
  at: 1_700_000_000_000,
  actor: 'engine',
  via: 'api',
};

describe('the hash chain', () => {
  // Fixed for ever: another value here means that no journal written before can be verified any more.
  test('hashes an entry as every version before did (D4)', () => {
    const digest = payloadDigest('00112233445566778899aabbccddeeff', '{"resumed":false}');

    expect(digest).toBe('5ecf1e0e5c3c32fb370685a5937aabd7d1cece1521b8d18e78b4f1c10ca084a9');
    expect(entryHash({ ...entry, payloadDigest: digest, prev: genesisHash })).toBe(
      '4f0d4c4de5adb7725e613b4befea33fa59bc2f5808ea59be9db0b0ad48071b6c',
    );
  });

  test('hashes the request that an entry was written for, and an entry without one as it always was (D4)', () => {
    const content = { ...entry, payloadDigest: '0'.repeat(64), prev: genesisHash };

    const hashes = [content, { ...content, request: 'a' }, { ...content, request: '' }].map(entryHash);

    expect(new Set(hashes).size).toBe(3);
    expect(hashes[1]).toBe('7041f4c166ca7627fb02126089c2b58fbe1a3763731084d3c1821c6ad6b3e48b');
  });

  test('gives equal payloads different digests under different salts', () => {
    expect(payloadDigest('00', '{}')).not.toBe(payloadDigest('01', '{}'));
  });

  test.each([
    ['nothing', {}, null],
    ['both redacted', { salt: null, payload: null }, null],
    ['the payload', { payload: '{}' }, 'its payload is not the one that was hashed'],
    ['the salt, to another spelling of it', { salt: `${'0'.repeat(31)}1x` }, 'its salt is not one'],
    ['the salt alone, gone', { salt: null }, 'only one of salt and payload is there'],
    ['the actor', { actor: 'user/eve' }, 'its hash is not that of its content'],
    ['the request, put in', { request: 'request-2' }, 'its hash is not that of its content'],
  ])('inconsistency() when what was changed is %s', (_, change, expected) => {
    const [original] = sampleJournal(1);
    if (original === undefined) throw new Error('Cannot test: the sample is empty');

    expect(inconsistency({ ...original, ...change })).toBe(expected);
  });
});
