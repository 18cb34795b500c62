import { catalogue } from '../../../activities/index';
import { lintDocuments } from '../../../definitions/lint';
import { loadText } from '../../../definitions/load';
import { readMarks } from '../documents';

const auth = 'auth: {standard: env:SHARED}';
const signal = 'signal: {run: 7, name: done}';

function hookText(lines: readonly string[], owner = ', owner: team/web'): string {
  const head = ['apiVersion: mainstay/v1', 'kind: Hook', `metadata: {name: sample${owner}}`, 'spec:'];
  return `${[...head, ...lines.map((line) => `  ${line}`)].join('\n')}\n`;
}

function told(text: string): readonly unknown[] {
  const { documents, problems } = loadText('sample.yaml', text, { catalogue });
  return [...problems, ...lintDocuments(documents, { catalogue })].map(({ code, line, column }) => [
    code,
    line,
    column,
  ]);
}

test.each([
  ['that signals', [auth, signal]],
  ['with several secrets', ['auth: {token: [env:NEW, file:/etc/old]}', signal]],
  ['of GitHub', ['auth: {github: env:SHARED}', 'when: \'${{ headers["x-github-event"] == "push" }}\'', signal]],
  ['of GitLab', ['auth: {token: env:SHARED, header: X-Gitlab-Token}', "key: '${{ headers.x }}'", signal]],
  ['that reads what is signed', [auth, 'key: \'${{ headers["webhook-id"] }}\'', signal]],
  ['that starts', [auth, "when: '${{ body.ok }}'", "start: {runbook: release, inputs: {version: 'v${{ body.v }}'}}"]],
])('a hook %s is as it should be', (_name, lines) => {
  expect(told(hookText(lines))).toEqual([]);
});

test.each([
  ['nothing that comes of a call', hookText(['§auth: {standard: env:SHARED}']), 'MISSING_KEY'],
  ['two things that come of a call', hookText([`§${auth}`, signal, 'start: {runbook: release}']), 'MISSING_KEY'],
  ['a secret in the document', hookText(['auth: {token: §hunter2}', signal]), 'INVALID_SECRET_REFERENCE'],
  ['an unknown name', hookText([auth, "key: §'${{ payload.id }}'", signal]), 'UNKNOWN_NAME'],
  ['an expression that cannot be read', hookText([auth, "when: §'${{ body. }}'", signal]), 'EXPRESSION_INVALID'],
  ['a name that is taken', hookText([auth, signal]).replace('sample', '§chat'), 'INVALID_VALUE'],
  ['a key from a header that is not signed', hookText([auth, "key: §'${{ headers.x }}'", signal]), 'INVALID_VALUE'],
  ['a header that is computed', hookText([auth, "when: §'${{ headers[id] == id }}'", signal]), 'INVALID_VALUE'],
  [
    'an input from a header that GitHub does not sign',
    hookText(['auth: {github: env:SHARED}', "start: {runbook: release, inputs: {v: §'${{ headers.x }}'}}"]),
    'INVALID_VALUE',
  ],
  ['a token among the cookies', hookText(['auth: {token: env:SHARED, header: §Cookie}', signal]), 'INVALID_VALUE'],
  ['secrets without an owner', hookText([`§${auth}`, signal], ''), 'MISSING_OWNER'],
])('the check tells of %s', (_name, marked, code) => {
  const { plain, places } = readMarks(marked);

  expect(told(plain)).toEqual(places.map((place) => [code, ...place]));
});
