import { Webhook } from 'standardwebhooks';

import { Secret } from '../../platform/secret';
import { isOneOf, isSigned, isSignedAsGithub, signedWith } from '../../platform/webhook-signature';

const text = 'whsec_c2hhcmVkIHNlY3JldA==';
const secret = new Secret(text);
const body = '{"type":"run.ended","data":{"ü":1}}';
const at = new Date();
const message = { id: 'msg_1', timestamp: String(Math.floor(at.getTime() / 1_000)), body: Buffer.from(body) };

test('what we sign, others verify as Standard Webhooks says', () => {
  const headers = {
    'webhook-id': message.id,
    'webhook-timestamp': message.timestamp,
    'webhook-signature': signedWith(message, secret),
  };

  expect(new Webhook(text).verify(body, headers)).toEqual(JSON.parse(body));
});

test('what others sign as Standard Webhooks says, we verify', () => {
  const signatures = `v1,AAAA ${new Webhook(text).sign(message.id, at, body)}`;

  expect(isSigned(message, signatures, { secrets: [secret], nowMs: at.getTime() })).toBe(true);
  expect(isSigned(message, signatures, { secrets: [new Secret('other')], nowMs: at.getTime() })).toBe(false);
});

test.each([
  ['the secret', 'one', true],
  ['the other one', 'two', true],
  ['the beginning of one', 'on', false],
  ['nothing', '', false],
])('isOneOf() of %s', (_what, given, expected) => {
  expect(isOneOf([new Secret('one'), new Secret('two')], given)).toBe(expected);
});

// The example of GitHub's own documentation.
test.each([
  ['its own', 'Hello, World!', true],
  ['another body', 'Hello, world!', false],
])('isSignedAsGithub() of %s', (_what, text, expected) => {
  const signature = 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17';
  const known = [new Secret('other'), new Secret("It's a Secret to Everybody")];

  expect(isSignedAsGithub(Buffer.from(text), signature, known)).toBe(expected);
});
