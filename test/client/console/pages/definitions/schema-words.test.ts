import { schemaWords } from '../../../../../client/console/pages/definitions/schema-words';
import { definitionKinds } from '../../../../../definitions/document';
import { kindSchema } from '../../../../../definitions/json-schema';

const runbook = kindSchema('Runbook');

function words(
  path: readonly (string | number)[],
  key: string | null = null,
  siblings: readonly string[] = [],
): readonly string[] {
  return schemaWords(runbook, { path, key, siblings }).map(({ word }) => word);
}

describe('schemaWords()', () => {
  it.each(definitionKinds)('offers metadata and spec of a %s first: it cannot be without them', (kind) => {
    const offered = schemaWords(kindSchema(kind), { path: [], key: null, siblings: ['apiVersion', 'kind'] });

    expect(offered.filter(({ required }) => required).map(({ word }) => word)).toEqual(['metadata', 'spec']);
  });

  it('offers no key twice', () => {
    expect(words(['metadata'], null, ['name', 'version'])).toEqual(['description', 'labels', 'owner', 'title']);
  });

  it('offers the verbs of a step', () => {
    expect(words(['spec', 'steps', 0])).toEqual(expect.arrayContaining(['id', 'run', 'exec', 'approval', 'rollout']));
  });

  it('goes by what stands there: a step that runs something asks nobody', () => {
    const offered = words(['spec', 'steps', 0], null, ['id', 'run']);

    expect(offered).toContain('timeout');
    expect(offered).not.toContain('approval');
  });

  it('follows references as deep as steps are in each other', () => {
    expect(words(['spec', 'steps', 0, 'steps', 1])).toEqual(expect.arrayContaining(['id', 'run']));
  });

  it('offers the values of a key that has only a few', () => {
    expect(words([], 'kind')).toEqual(['Runbook']);
    expect(words(['spec', 'steps', 0], 'onFailure')).toContain('continue');
  });

  it.each([[null], [7], ['schema']])('of %j offers nothing', (schema) => {
    expect(schemaWords(schema, { path: [], key: null, siblings: [] })).toEqual([]);
  });
});
