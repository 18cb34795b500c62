import { newestGrants } from '../../../../../client/console/pages/access/grant-model';

function grant(name: string, spec: string) {
  return { name, text: `kind: Grant\nmetadata: { name: ${name} }\nspec: ${spec}\n` };
}

describe('newestGrants()', () => {
  it('tells whom each gives what, and where', () => {
    const grants = newestGrants([
      grant(
        'web',
        '{ role: operator, people: [user/anna], teams: [team/web], groups: [ops], where: { environment: [test] } }',
      ),
    ]);

    expect(grants).toEqual([
      {
        name: 'web',
        to: ['user/anna', 'team/web', 'group ops'],
        grant: { role: 'operator', where: { environment: ['test'] } },
      },
    ]);
  });

  it('shows the newest version of each only', () => {
    const grants = newestGrants([
      grant('web', '{ role: viewer }'),
      grant('all', '{ role: admin }'),
      grant('web', '{ role: author }'),
    ]);

    expect(grants.map(({ name, grant: given }) => [name, given?.role])).toEqual([
      ['all', 'admin'],
      ['web', 'author'],
    ]);
  });

  it('does not guess what a role means that it does not know', () => {
    expect(newestGrants([grant('new', '{ role: emperor }')])[0]?.grant).toBeNull();
  });
});
