import { catalogue } from '../../../activities/index';
import { lintDocuments } from '../../../definitions/lint';
import { loadText } from '../../../definitions/load';
import { readMarks } from '../documents';

function subscriptionText(fields: Readonly<Record<string, string>>, owner = ', owner: team/ops'): string {
  const all = { url: "'https://ops.example/hear'", secret: 'env:OPS', events: '[run.ended]', ...fields };
  const lines = Object.entries(all).map(([key, value]) => `  ${key}: ${value}`);
  return [
    'apiVersion: mainstay/v1',
    'kind: Subscription',
    `metadata: {name: sample${owner}}`,
    'spec:',
    ...lines,
    '',
  ].join('\n');
}

function told(text: string): readonly unknown[] {
  const { documents, problems } = loadText('sample.yaml', text, { catalogue });
  return [...problems, ...lintDocuments(documents, { catalogue })].map(({ code, line, column }) => [
    code,
    line,
    column,
  ]);
}

test('a subscription as it should be', () => {
  const fields = { events: '[run., task.opened]', where: '{service: [shop]}', active: 'false' };

  expect(told(subscriptionText(fields))).toEqual([]);
});

test.each([
  ['an address with a password', subscriptionText({ url: "§'https://me:secret@ops.example/'" }), 'INVALID_VALUE'],
  ['an address that is none of the web', subscriptionText({ url: "§'file:///etc/passwd'" }), 'INVALID_VALUE'],
  ['a secret in the document', subscriptionText({ secret: '§hunter2' }), 'INVALID_SECRET_REFERENCE'],
  ['no events', subscriptionText({ events: '§[]' }), 'OUT_OF_RANGE'],
])('the check tells of %s', (_name, marked, code) => {
  const { plain, places } = readMarks(marked);

  expect(told(plain)).toEqual(places.map((place) => [code, ...place]));
});

test('the check tells of secrets without an owner', () => {
  expect(told(subscriptionText({}, ''))).toEqual([['MISSING_OWNER', 6, 3]]);
});
