import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { catalogue } from '../../activities/index';
import { loadFiles, loadText } from '../../definitions/load';
import { lintDocuments } from '../../definitions/lint';
import { problemCodes } from '../../definitions/problem-codes';
import { documentText, nginxUpgrade, readMarks, runbookText, stepsText } from './documents';

function told(text: string): (readonly [string, number, number])[] {
  return loadText('sample.yaml', text, { catalogue }).problems.map(({ code, line, column }) => [code, line, column]);
}

describe('loadText()', () => {
  test('loads and lints the whole runbook of the reference without a problem', () => {
    const { documents, problems } = loadText('nginx.yaml', nginxUpgrade, { catalogue });

    expect(problems).toEqual([]);
    expect(lintDocuments(documents, { catalogue })).toEqual([]);
    expect(
      documents.map(({ kind, metadata, file }) => ({ kind, name: metadata.name, version: metadata.version, file })),
    ).toEqual([{ kind: 'Runbook', name: 'nginx-rolling-upgrade', version: '1.0.0', file: 'nginx.yaml' }]);
  });

  test('says where each part of a document stands, through aliases too', () => {
    const [document] = loadText('nginx.yaml', nginxUpgrade).documents;

    expect(document?.positionOf(['spec', 'steps', 0, 'approval', 'due'])).toEqual({ line: 12, column: 81 });
    expect(document?.keyPositionOf(['spec', 'steps', 0, 'approval', 'due'])).toEqual({ line: 12, column: 76 });
    expect(document?.positionOf(['spec', 'steps', 1, 'steps', 4, 'run'])).toEqual({ line: 26, column: 23 });
    expect(document?.sourceOf(['spec', 'steps', 1, 'rollout', 'parallel'])).toBe('2');
  });

  test('loads each of the kinds, several in one file, each with its own text', () => {
    const texts = [
      documentText('Team', 'members: [user/anna]', 'secrets: [vault:ops/]'),
      documentText('ApprovalPolicy', 'approvers: [team/web, user/ben]', 'min: 2'),
      documentText('Connection', 'type: http', 'baseUrl: https://shop.example'),
      documentText('Inventory', 'hosts: [{name: web1, labels: {role: web}}]'),
      documentText(
        'Rehearsal',
        'runbook: sample',
        'start: 2026-11-21T09:00:00Z',
        "outcomes: [{step: '*', exitCode: 0}]",
      ),
    ];

    const { documents, problems } = loadText('all.yaml', texts.join('---\n'), { catalogue });

    expect(problems).toEqual([]);
    expect(documents.map(({ kind }) => kind)).toEqual([
      'Team',
      'ApprovalPolicy',
      'Connection',
      'Inventory',
      'Rehearsal',
    ]);
    expect(documents.map(({ text }) => text)).toEqual(texts);
    expect(documents[0]?.digest).toBe(loadText('other.yaml', texts[0] ?? '').documents[0]?.digest);
  });

  test('keeps what an author wrote where a text is wanted, and numbers where a number is', () => {
    const text = stepsText(
      '- id: put',
      '  uses: ssh.put',
      '  targets: web1',
      '  with: {content: x, dest: /etc/x, mode: 0644}',
      '- {id: note, exec: [echo, 1.10, 010, yes, true, ~], env: {MODE: 0644}, targets: web1, umask: 022}',
      '- {id: keep, set: {version: 1.10, on: true, none: ~}}',
    );

    const [document] = loadText('sample.yaml', text, { catalogue }).documents;

    expect(document?.spec).toEqual({
      steps: [
        {
          verb: 'uses',
          id: 'put',
          uses: 'ssh.put',
          targets: 'web1',
          with: { content: 'x', dest: '/etc/x', mode: '0644' },
        },
        {
          verb: 'exec',
          id: 'note',
          exec: ['echo', '1.10', '010', 'yes', 'true', '~'],
          env: { MODE: '0644' },
          targets: 'web1',
          umask: '022',
        },
        { verb: 'set', id: 'keep', set: { version: 1.1, on: true, none: null } },
      ],
    });
    expect(document?.sourceOf(['spec', 'steps', 2, 'set', 'version'])).toBe('1.10');
  });

  test('says what was found, what is accepted and the nearest word', () => {
    const { problems } = loadText(
      'sample.yaml',
      stepsText('- {id: a, exec: [id], targets: web1, retyr: {attempts: 2}}'),
    );

    expect(problems).toEqual([
      {
        code: 'UNKNOWN_KEY',
        file: 'sample.yaml',
        line: 6,
        column: 42,
        path: 'spec.steps[0].retyr',
        message: 'Cannot read "spec.steps[0]": the key "retyr" is unknown',
        found: 'retyr',
        accepted: expect.arrayContaining(['exec', 'retry', 'undo']),
        nearest: 'retry',
        hint: problemCodes.UNKNOWN_KEY,
      },
    ]);
  });

  // Each row: a text with a mark before everything that is told about it, and the codes in order.
  const step = (fields: string): string => stepsText(`- {${fields}}`);
  const broken: readonly (readonly [string, string, ...string[]])[] = [
    ['an empty text', '§', 'EMPTY_FILE'],
    ['only a comment', '§# nothing\n', 'EMPTY_FILE'],
    ['a list at the root', '§- 1\n', 'NOT_A_DOCUMENT'],
    ['a missing kind', '§apiVersion: mainstay/v1\n', 'MISSING_KEY'],
    ['a missing version of the language', '§kind: Team\n', 'MISSING_KEY'],
    ['another version of the language', 'apiVersion: §mainstay/v2\nkind: Team\n', 'UNKNOWN_API_VERSION'],
    ['a misspelt kind', 'apiVersion: mainstay/v1\nkind: §Runbok\n', 'UNKNOWN_KIND'],
    ['a kind of later', 'apiVersion: mainstay/v1\nkind: §RecoveryPlan\n', 'UNKNOWN_KIND'],
    ['an unclosed list', 'a: [1\n§', 'SYNTAX_ERROR'],
    ['an unclosed quote', 'a: "x\n§', 'SYNTAX_ERROR'],
    ['an unquoted expression in a list', step('id: a, exec: [echo, $§{{ inputs.x }}]'), 'EXPRESSION_NOT_QUOTED'],
    [
      'an expression cut at #',
      stepsText('- id: a', "  if: §${{ inputs.a == 'x #y' }}", '  set: {b: 1}'),
      'EXPRESSION_NOT_QUOTED',
    ],
    ['a NUL', 'a: §\0\n', 'CHARACTER_REFUSED'],
    ['an escaped NUL', documentText('Team', 'members: [§"user/\\0"]'), 'CHARACTER_REFUSED'],
    ['half of a surrogate pair', documentText('Team', 'members: [§"user/\\ud800"]'), 'CHARACTER_REFUSED'],
    ['a tag', documentText('Team', 'members: !!seq §[]'), 'TAG_REFUSED'],
    ['a merge key', documentText('Team', '§<<: {members: []}'), 'MERGE_KEY_REFUSED'],
    ['a duplicate key', documentText('Team', 'members: []', '§members: []'), 'DUPLICATE_KEY'],
    ['a key that is a list', documentText('Team', '? §[a]', ': []'), 'KEY_REFUSED'],
    ['the key __proto__', documentText('Team', 'members: []', '§__proto__: {}'), 'KEY_REFUSED'],
    ['an anchor in a cycle', documentText('Team', 'members: &m [§*m]'), 'ALIAS_CYCLE'],
    ['an anchor in a cycle, in what is no document yet', '§a: &a [§*a]\n', 'MISSING_KEY', 'ALIAS_CYCLE'],
    ['an alias without anchor', documentText('Team', 'members: §*m'), 'UNKNOWN_ALIAS'],
    ['a directive', `%YAML 1.1\n§---\n${documentText('Team', 'members: []')}`, 'DIRECTIVE_REFUSED'],
    ['a number that is not exact', step('id: a, set: {n: §99999999999999999999}'), 'NUMBER_REFUSED'],
    ['an infinite number', step('id: a, set: {n: §.inf}'), 'NUMBER_REFUSED'],
    ['no version of a runbook', documentText('Runbook', 'steps: []').replace('{name', '§{name'), 'MISSING_KEY'],
    ['a name with a capital', documentText('Team', 'members: []').replace('sample', '§Web'), 'INVALID_VALUE'],
    ['a version that is none', runbookText('steps: []').replace('1.0.0', '§1.0'), 'INVALID_VALUE'],
    ['a step without verb', stepsText('- §{id: a, targets: web1}'), 'STEP_WITHOUT_VERB'],
    ['a step with two verbs', step("id: a, exec: [id], §run: 'id', targets: web1"), 'STEP_WITH_TWO_VERBS'],
    ['a misspelt verb', step('id: a, §exce: [id]'), 'UNKNOWN_KEY'],
    ['the field that loading adds', step('id: a, §verb: exec, exec: [id], targets: w'), 'UNKNOWN_KEY'],
    ['a typo in an approval', step('id: a, approval: {policy: p, title: t, onDue: reject, §dew: PT1H}'), 'UNKNOWN_KEY'],
    [
      'a timeout of an approval',
      step('id: a, §timeout: 1h, approval: {policy: p, title: t, onDue: fail}'),
      'FIELD_NOT_ACCEPTED',
    ],
    ['silence without meaning', step('id: a, approval: §{policy: p, title: t}'), 'MISSING_KEY'],
    ['silence with another word', step('id: a, approval: {policy: p, title: t, onDue: §rejct}'), 'INVALID_VALUE'],
    ['a window of the runbook', runbookText('§window: {calendar: nights}', 'steps: []'), 'FIELD_ARRIVES_LATER'],
    ['an id with a hyphen', step('id: §drain-host, set: {a: 1}'), 'INVALID_ID'],
    ['an input with a hyphen', runbookText('inputs: {§a-b: {type: string}}', 'steps: []'), 'INVALID_ID'],
    ['an unknown type of input', runbookText('inputs: {a: {type: §strnig}}', 'steps: []'), 'INVALID_VALUE'],
    ['an input without type', runbookText('inputs: {a: §{default: x}}', 'steps: []'), 'MISSING_KEY'],
    ['a default of a secret', runbookText('inputs: {a: {type: secret, §default: x}}', 'steps: []'), 'UNKNOWN_KEY'],
    ['a day as a timeout', step('id: a, exec: [id], targets: w, timeout: §1d'), 'DURATION_NEEDS_ZONE'],
    ['a calendar day as a timeout', step('id: a, exec: [id], targets: w, timeout: §P1D'), 'DURATION_NEEDS_ZONE'],
    ['a number as a timeout', step('id: a, exec: [id], targets: w, timeout: §30'), 'INVALID_DURATION'],
    ['1d as due', step('id: a, approval: {policy: p, title: t, onDue: fail, due: §1d}'), 'INVALID_DURATION'],
    ['a condition that is not alone', step("id: a, if: §'x ${{ inputs.a }}', set: {b: 1}"), 'EXPRESSION_NOT_ALONE'],
    ['a condition without expression', step('id: a, if: §yes, set: {b: 1}'), 'EXPRESSION_NOT_ALONE'],
    ['mixed targets', step("id: a, exec: [id], targets: §'web${{ 1 }}'"), 'EXPRESSION_NOT_ALONE'],
    ['mixed standard input', step("id: a, exec: [id], targets: w, stdin: §'a ${{ 1 }}'"), 'EXPRESSION_NOT_ALONE'],
    ['an empty argument list', step('id: a, exec: §[], targets: w'), 'OUT_OF_RANGE'],
    ['a command as text', step('id: a, exec: §id, targets: w'), 'WRONG_TYPE'],
    ['an argument that is a map', step('id: a, exec: [§{a: 1}], targets: w'), 'WRONG_TYPE'],
    ['zero attempts', step('id: a, exec: [id], targets: w, retry: {attempts: §0}'), 'OUT_OF_RANGE'],
    ['an operation without connector', step('id: a, uses: §request'), 'INVALID_VALUE'],
    [
      'a wave above 100%',
      step("id: a, rollout: {targets: '${{ vars.w }}', waves: [§120%]}, steps: []"),
      'INVALID_VALUE',
    ],
    [
      'an undo that does two things',
      step('id: a, exec: [id], targets: w, undo: {exec: [id], §run: id}'),
      'STEP_WITH_TWO_VERBS',
    ],
    ['a typo inside an undo', step('id: a, exec: [id], targets: w, undo: {exec: [id], §afer: started}'), 'UNKNOWN_KEY'],
    ['an undo by another word', step('id: a, exec: [id], targets: w, undo: §nonne'), 'INVALID_VALUE'],
    ['two problems of one step', step('id: a, exec: [id], §target: w, §timout: PT1M'), 'UNKNOWN_KEY', 'UNKNOWN_KEY'],
    ['an unknown connector of a connection', documentText('Connection', 'type: §htp'), 'INVALID_VALUE'],
    ['a typo in a connection', documentText('Connection', 'type: http', '§baseURL: https://x.example'), 'UNKNOWN_KEY'],
    ['a host name with a blank', documentText('Inventory', "hosts: [{name: §'a b'}]"), 'INVALID_VALUE'],
    ['a port above the range', documentText('Inventory', 'hosts: [{name: a, port: §70000}]'), 'OUT_OF_RANGE'],
    [
      'a source of two kinds',
      documentText('Inventory', 'source: {command: [x], §url: http://x.example}'),
      'STEP_WITH_TWO_VERBS',
    ],
    ['a member that is no principal', documentText('Team', 'members: [§anna]'), 'INVALID_VALUE'],
  ];

  test.each(broken)('tells of %s', (_, text, ...codes) => {
    const { plain, places } = readMarks(text);

    expect(told(plain)).toEqual(codes.map((code, index) => [code, ...(places[index] ?? [])]));
  });
});

describe('loadFiles()', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mainstay-load-'));
  const write = (name: string, content: string | Uint8Array): string => {
    const path = join(folder, name);
    writeFileSync(path, content);
    return path;
  };

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('tells all problems of all files at once, sorted by file and position', () => {
    const paths = [
      write('b.yaml', step2('timout: PT1M, id: a-b')),
      write('a.yaml', step2('id: a, foo: 1')),
      write('c.yaml', new Uint8Array([0x61, 0xff, 0xfe])),
      join(folder, 'missing.yaml'),
      folder,
    ];

    const { documents, problems } = loadFiles(paths);

    expect(documents).toEqual([]);
    expect(problems.map(({ file, code, line }) => [file.slice(folder.length + 1), code, line])).toEqual([
      ['', 'FILE_UNREADABLE', 1],
      ['a.yaml', 'UNKNOWN_KEY', 6],
      ['b.yaml', 'UNKNOWN_KEY', 6],
      ['b.yaml', 'INVALID_ID', 6],
      ['c.yaml', 'TEXT_NOT_UTF8', 1],
      ['missing.yaml', 'FILE_UNREADABLE', 1],
    ]);
  });

  test('refuses a file above the limit without reading it', () => {
    const path = write('large.yaml', new Uint8Array(10 * 1024 * 1024));

    expect(loadFiles([path]).problems.map(({ code }) => code)).toEqual(['FILE_TOO_LARGE']);
  });

  function step2(fields: string): string {
    return stepsText(`- {exec: [id], targets: web1, ${fields}}`);
  }
});
