import { lintDocuments } from '../../../definitions/lint';
import { loadText } from '../../../definitions/load';
import { referenceProblems } from '../../../definitions/references';
import { documentText, readMarks } from '../documents';

function told(text: string): readonly unknown[] {
  const { documents, problems } = loadText('sample.yaml', text);
  return [...problems, ...lintDocuments(documents)].map(({ code, line, column }) => [code, line, column]);
}

test('a template as it should be', () => {
  const text = documentText(
    'MessageTemplate',
    'notice: run.failed',
    'channels: [mail, chat]',
    "subject: 'Run ${{ run.number }} of ${{ run.definition }} has failed'",
    'text: |',
    "  ${{ person.name }}: look at ${{ about.facts['Failed on'] }} first.",
    '  ${{ run.error }}',
    'active: true',
  );

  expect(told(text)).toEqual([]);
});

test.each([
  ['a kind that there is not', ["notice: §'run.lost'", 'text: x'], 'INVALID_VALUE'],
  ['a channel that there is not', ['notice: run.failed', 'channels: [§pigeon]', 'text: x'], 'INVALID_VALUE'],
  ['no channel', ['notice: run.failed', 'channels: §[]', 'text: x'], 'OUT_OF_RANGE'],
  ['a text without end', ['notice: run.failed', `text: §${'x'.repeat(8_001)}`], 'OUT_OF_RANGE'],
  ['a template without words', ['§notice: run.failed'], 'MISSING_KEY'],
  ['the subject of a question', ['notice: task.opened', '§subject: Answer me'], 'FIELD_NOT_ACCEPTED'],
  ['a name that is not known', ['notice: run.failed', "text: §'on ${{ host.name }}'"], 'UNKNOWN_NAME'],
  ['a field that is not known', ['notice: run.failed', "text: §'by ${{ run.owner }}'"], 'UNKNOWN_NAME'],
  ['a name of another kind', ['notice: run.failed', "text: §'CHG-${{ change.number }}'"], 'UNKNOWN_NAME'],
  ['a wrong type', ['notice: run.failed', "text: §'${{ run.number + run.title }}'"], 'EXPRESSION_TYPE'],
  ['an expression without end', ['notice: run.failed', "text: §'${{ run.number'"], 'EXPRESSION_INVALID'],
  ['too many expressions', ['notice: run.failed', `text: §'${'${{ run.number }}'.repeat(51)}'`], 'EXPR_LIMIT'],
])('the check tells of %s', (_, lines, code) => {
  const { plain, places } = readMarks(documentText('MessageTemplate', ...lines));

  expect(told(plain)).toEqual(places.map((place) => [code, ...place]));
});

test('the check points into a text of several lines', () => {
  const { plain, places } = readMarks(
    documentText(
      'MessageTemplate',
      'notice: run.failed',
      'text: |',
      '  Run ${{ run.number }} has failed.',
      '',
      '    Ask ${{ §nobody.name }}, or ${{ run.requester }}.',
      '  On ${{ §host }}.',
    ),
  );

  expect(told(plain)).toEqual(places.map((place) => ['UNKNOWN_NAME', ...place]));
});

test('the check refuses labels: a template is about everything', () => {
  const text = 'apiVersion: mainstay/v1\nkind: MessageTemplate\nmetadata: {name: x, labels: {service: shop}}\n';

  expect(told(`${text}spec: {notice: run.failed, text: x}\n`)).toEqual([['FIELD_NOT_ACCEPTED', 3, 21]]);
});

describe('two templates', () => {
  const one = named('one', 'notice: run.failed, text: x');

  it.each([
    ['for the same', 'notice: run.failed, text: y', true],
    ['for the same channel', 'notice: run.failed, text: y, channels: [mail]', false],
    ['of which one words nothing any more', 'notice: run.failed, text: y, active: false', false],
    ['of two kinds', 'notice: run.recovered, text: y', false],
  ])('%s', (_, spec, areRefused) => {
    const codes = problemsOf(named('two', spec), [[...one]]);

    expect(codes).toEqual(areRefused ? ['TEMPLATE_TAKEN'] : []);
  });

  it('of one name are two versions of one', () => {
    expect(problemsOf(named('one', 'notice: run.failed, text: y'), [[...one]])).toEqual([]);
  });

  it('are no longer two when a newer version of the other one has given it up', () => {
    const given = named('one', 'notice: run.failed, text: x, active: false', '1.2.0');

    expect(problemsOf(named('two', 'notice: run.failed, text: y'), [[...given, ...one]])).toEqual([]);
  });

  it('that both are for one of the same channels are refused', () => {
    const mail = named('mail', 'notice: run.failed, text: x, channels: [mail, ntfy]');

    expect(problemsOf(named('two', 'notice: run.failed, text: y, channels: [ntfy]'), [[...mail]])).toEqual([
      'TEMPLATE_TAKEN',
    ]);
  });
});

function named(name: string, spec: string, version = '1.0.0') {
  const text = `apiVersion: mainstay/v1\nkind: MessageTemplate\nmetadata: {name: ${name}, version: ${version}}\nspec: {${spec}}\n`;
  return loadText(`${name}.yaml`, text).documents;
}

function problemsOf(
  documents: ReturnType<typeof named>,
  tiers: Parameters<typeof referenceProblems>[1]['tiers'],
): readonly string[] {
  return documents.flatMap((document) =>
    referenceProblems(document, { tiers, isBeside: () => false }).map(({ code }) => code),
  );
}
