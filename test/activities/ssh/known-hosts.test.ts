import { createHmac } from 'node:crypto';

import {
  fingerprint,
  judgeKey,
  knownHostsLine,
  lookUpKnownHosts,
  parseHostKey,
} from '../../../activities/ssh/known-hosts';
import { makeKey } from '../../support/fleet/keys';

const [first, second] = [makeKey().public, makeKey().public];
const blob = (key: string): Buffer => Buffer.from(key.split(' ')[1] ?? '', 'base64');
const salt = Buffer.alloc(20, 7);
const hashed = (name: string): string =>
  `|1|${salt.toString('base64')}|${createHmac('sha1', salt).update(name).digest('base64')}`;

describe('lookUpKnownHosts()', () => {
  test.each([
    ['a plain name', `db1 ${first}`, 'db1', 22, 'known'],
    ['another name', `db1 ${first}`, 'db2', 22, 'unknown'],
    ['a port in brackets', `[db1]:2222 ${first}`, 'db1', 2222, 'known'],
    ['the plain name for another port', `db1 ${first}`, 'db1', 2222, 'unknown'],
    ['one name of several', `10.0.0.1,db1 ${first}`, 'db1', 22, 'known'],
    ['a pattern', `*.example.com ${first}`, 'db1.example.com', 22, 'known'],
    ['a pattern with an exception', `*.example.com,!db1.example.com ${first}`, 'db1.example.com', 22, 'unknown'],
    ['a hashed name', `${hashed('db1')} ${first}`, 'db1', 22, 'known'],
    ['a hashed name with a port', `${hashed('[db1]:2222')} ${first}`, 'db1', 2222, 'known'],
    ['a hashed name of another host', `${hashed('db2')} ${first}`, 'db1', 22, 'unknown'],
    ['another key', `db1 ${second}`, 'db1', 22, 'mismatch'],
    ['one good key among two', `db1 ${second}\ndb1 ${first}`, 'db1', 22, 'known'],
    ['a revoked key', `db1 ${first}\n@revoked db1 ${first}`, 'db1', 22, 'mismatch'],
    ['an authority, which is not supported', `@cert-authority db1 ${first}`, 'db1', 22, 'unknown'],
    ['comments, empty and broken lines', `# db1\n\ndb1\ndb1 ssh-ed25519 ???`, 'db1', 22, 'unknown'],
  ])('%s', (_what, text, address, port, verdict) => {
    expect(judgeKey(lookUpKnownHosts(text, address, port), blob(first))).toBe(verdict);
  });

  test('reads back the line that accept-new writes', () => {
    const known = lookUpKnownHosts(knownHostsLine('db1', 2222, blob(first)), 'db1', 2222);

    expect(judgeKey(known, blob(first))).toBe('known');
  });
});

describe('parseHostKey()', () => {
  test.each([
    ['a public key with a comment', `${first} root@db1`, 'known'],
    ['its second part alone', first.split(' ')[1] ?? '', 'known'],
    ['its fingerprint', fingerprint(blob(first)), 'known'],
    ['another fingerprint', fingerprint(blob(second)), 'mismatch'],
  ])('takes %s', (_what, text, verdict) => {
    const known = parseHostKey(text);

    expect(known === null ? null : judgeKey(known, blob(first))).toBe(verdict);
  });

  test.each(['', 'nonsense', 'ssh-ed25519', 'SHA256:short'])('refuses "%s"', (text) => {
    expect(parseHostKey(text)).toBeNull();
  });
});
