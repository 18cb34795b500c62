import {
  headingOf,
  nextVersions,
  versionHint,
  withVersion,
} from '../../../../../client/console/pages/definitions/version-model';

function text(version: string, rest = 'steps: []'): string {
  return `# version: 9.9.9 of nothing\nkind: Runbook\nmetadata: {name: hello, version: ${version}}\nspec: {${rest}}\n`;
}

describe('headingOf()', () => {
  it('tells kind, name and version of the first document', () => {
    expect(headingOf(`${text('1.2.3')}---\nkind: Team\n`)).toEqual({
      kind: 'Runbook',
      name: 'hello',
      version: '1.2.3',
    });
  });

  it.each([[''], ['kind: ['], ['kind: Runbook'], ['7']])('of %j tells nothing', (broken) => {
    expect(headingOf(broken)).toBeNull();
  });
});

describe('versionHint()', () => {
  const newest = { version: '1.2.3', text: text('1.2.3') };

  it.each([
    ['the same text', text('1.2.3')],
    ['a later version', text('1.2.4', 'steps: [x]')],
    ['a much later version', text('1.10.0', 'steps: [x]')],
    ['no version', text("''", 'steps: [x]')],
    ['what is not YAML', 'kind: ['],
  ])('has nothing against %s', (_what, now) => {
    expect(versionHint(now, newest)).toEqual({ kind: 'fine' });
  });

  it.each([
    ['another text under the same version', text('1.2.3', 'steps: [x]')],
    ['an earlier version', text('1.1.9', 'steps: [x]')],
  ])('asks for another version of %s', (_what, now) => {
    expect(versionHint(now, newest)).toEqual({ kind: 'raise', newest: '1.2.3', next: ['1.2.4', '1.3.0', '2.0.0'] });
  });

  it('has nothing against what nobody has published', () => {
    expect(versionHint(text('1.0.0'), null)).toEqual({ kind: 'fine' });
  });
});

describe('withVersion()', () => {
  it.each(nextVersions('1.2.3'))('puts %s in the place of the version, and changes nothing else', (version) => {
    expect(withVersion(text('1.2.3'), version)).toBe(text(version));
  });

  it('keeps quotes', () => {
    expect(withVersion(text("'1.2.3'"), '1.2.4')).toBe(text("'1.2.4'"));
  });
});
