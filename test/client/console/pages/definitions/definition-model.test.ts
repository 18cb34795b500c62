import { byKind } from '../../../../../client/console/pages/definitions/definition-model';

function definition(kind: string, name: string, version: string) {
  return { kind, name, version, digest: 'd' };
}

const all = [
  definition('Team', 'web', '1.0.0'),
  definition('Runbook', 'hello', '1.0.0'),
  definition('Runbook', 'hello', '1.1.0'),
  definition('Runbook', 'agree', '2.0.0'),
];

describe('byKind()', () => {
  it('has one line for each name, with the newest version and how many there are', () => {
    expect(byKind(all, '')).toEqual([
      [
        'Runbook',
        [
          { kind: 'Runbook', name: 'agree', version: '2.0.0', versions: 1 },
          { kind: 'Runbook', name: 'hello', version: '1.1.0', versions: 2 },
        ],
      ],
      ['Team', [{ kind: 'Team', name: 'web', version: '1.0.0', versions: 1 }]],
    ]);
  });

  it.each([
    ['HEL', ['Runbook']],
    ['e', ['Runbook', 'Team']],
    ['nothing', []],
  ])('finds %j in %j', (search, kinds) => {
    expect(byKind(all, search).map(([kind]) => kind)).toEqual(kinds);
  });
});
