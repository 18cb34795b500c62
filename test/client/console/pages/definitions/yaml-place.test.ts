import fc from 'fast-check';

import { yamlPlace } from '../../../../../client/console/pages/definitions/yaml-place';

/** `¦` is where somebody types. */
function at(text: string): ReturnType<typeof yamlPlace> {
  const offset = text.indexOf('¦');
  return yamlPlace(text.replace('¦', ''), offset);
}

const runbook = `apiVersion: mainstay/v1
kind: Runbook
metadata: { name: web/upgrade, version: 1.0.0 }
spec:
  inputs:
    version: { type: string }
  steps:
    - id: drain
      run: |
        steps: here are no keys
        drain
    - id: upgrade
      timeout: 10m
`;

describe('yamlPlace()', () => {
  it.each([
    ['a key at the top', 'kind: Runbook\n¦', [], null, ['kind']],
    ['a key below another', `${runbook}      ¦`, ['spec', 'steps', 1], null, ['id', 'timeout']],
    ['the beginning of a key', `${runbook}      unt¦`, ['spec', 'steps', 1], null, ['id', 'timeout']],
    ['a new item', `${runbook}    - ¦`, ['spec', 'steps', 2], null, []],
    ['a key of the level above', `${runbook}  ¦`, ['spec'], null, ['inputs', 'steps']],
    ['a value', `${runbook}      onFailure: st¦`, ['spec', 'steps', 1], 'onFailure', ['id', 'timeout']],
    ['a list as far left as its key', 'a:\n- b: 1\n- c: 2\n  ¦', ['a', 1], null, ['c']],
    ['a key in braces', 'metadata: { name: x, ti¦', ['metadata'], null, []],
    ['a value in braces', 'spec:\n  inputs:\n    version: { type: str¦', ['spec', 'inputs', 'version'], 'type', []],
    ['an item in brackets', 'spec: { tags: [a, b¦', ['spec', 'tags', 1], '', []],
    ['the second document', 'kind: Team\n---\nkind: Person\nspec:\n  ¦', ['spec'], null, []],
  ])('finds %s', (_what, text, path, key, siblings) => {
    const place = at(text);

    expect({ path: place?.path, key: place?.key, siblings: place?.siblings }).toEqual({ path, key, siblings });
  });

  it('knows the kind of the document that is typed into, not of its neighbour', () => {
    expect(at('kind: Team\n---\nkind: Person\nspec:\n  ¦\n---\nkind: Roster\n')?.kind).toBe('Person');
  });

  it.each([
    ['a comment', 'kind: Team # her¦e'],
    ['a block of text', 'spec:\n  run: |\n    echo ¦\n'],
  ])('has nothing to say in %s', (_what, text) => {
    expect(at(text)).toBeNull();
  });

  it('begins the word where it begins', () => {
    expect(at('spec:\n  ste¦')?.from).toBe('spec:\n  '.length);
    expect(at('kind: Run¦')?.from).toBe('kind: '.length);
  });

  it('never fails, whatever is written and wherever the cursor is', () => {
    const piece = fc.constantFrom(
      'a',
      ': ',
      '- ',
      '\n',
      '  ',
      '{',
      '}',
      '[',
      ']',
      ',',
      '"',
      "'",
      '#',
      '|',
      '---',
      '\t',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), fc.nat(80), (pieces, where) => {
        const text = pieces.join('');
        const place = yamlPlace(text, Math.min(where, text.length));

        expect(place === null || place.from <= text.length).toBe(true);
      }),
    );
  });
});
