import { changeRefusals, refusalsOf } from '../../../client/api/refusals';
import { adminTokenAccess, createAccess } from '../../../client/access';
import type { Access } from '../../../client/access';
import type { Role, Selector } from '../../../workflows/domain/authorization';

function person(actor: string, role: Role, where: Selector | null = null): Access {
  return createAccess({ actor, via: 'test', grants: [{ role, where }], proof: { kind: 'none' } });
}

const change = { scope: { environment: ['production'] }, requester: 'user/anna' };

describe('refusalsOf()', () => {
  it('leaves out what is allowed, and says which roles the rest takes', () => {
    const viewer = person('user/ben', 'viewer');

    expect(refusalsOf(viewer, {}, ['run.read', 'run.control'])).toEqual({
      'run.control': 'No grant of yours allows it here. It takes operator or manager or admin.',
    });
  });

  it.each([
    ['production', {}],
    ['test', { 'run.control': expect.stringContaining('here') }],
  ])('looks at what it is about: an operator of production and a thing of %s', (environment, refused) => {
    const operator = person('user/ben', 'operator', { environment: ['production'] });

    expect(refusalsOf(operator, { environment: [environment] }, ['run.control'])).toEqual(refused);
  });
});

describe('changeRefusals()', () => {
  it.each<[string, Access, readonly string[]]>([
    ['its requester nothing', person('user/anna', 'manager'), []],
    ['somebody else what makes another change of it', person('user/ben', 'manager'), ['edit', 'reschedule', 'revise']],
    [
      'whoever has no grant for its scope everything',
      person('user/anna', 'manager', { environment: ['test'] }),
      ['cancel', 'edit', 'extend', 'reschedule', 'review', 'revise', 'submit', 'task.answer'],
    ],
    ['the admin token, which acts for somebody, nothing', adminTokenAccess, []],
  ])('R-SOD-1: refuses %s', (_whom, access, acts) => {
    expect(Object.keys(changeRefusals(access, change)).toSorted()).toEqual(acts);
  });

  it('says whose it is', () => {
    expect(changeRefusals(person('user/ben', 'manager'), change)['edit']).toBe(
      "It is user/anna's: open another, or ask them.",
    );
  });
});
