import {
  emptyTokenForm,
  tokenRequest,
  tokenStanding,
  withRole,
} from '../../../../../client/console/pages/access/token-model';

describe('tokenRequest()', () => {
  it('asks for no more than what was chosen', () => {
    expect(tokenRequest({ ...emptyTokenForm, name: ' CI ' })).toEqual({ body: { name: 'CI', days: 90 }, problems: {} });
  });

  it('reads a selector line by line', () => {
    const form = {
      ...emptyTokenForm,
      name: 'CI',
      roles: ['operator'] as const,
      where: 'environment: staging, test\n\nservice: shop*\n',
    };

    expect(tokenRequest(form).body).toMatchObject({
      roles: ['operator'],
      where: { environment: ['staging', 'test'], service: ['shop*'] },
    });
  });

  it.each([
    ['no name', { ...emptyTokenForm }, ['name']],
    ['no end', { ...emptyTokenForm, name: 'CI', days: '' }, ['days']],
    ['too far an end', { ...emptyTokenForm, name: 'CI', days: '367' }, ['days']],
    ['a selector without roles', { ...emptyTokenForm, name: 'CI', where: 'environment: test' }, ['where']],
    [
      'a selector without values',
      { ...emptyTokenForm, name: 'CI', roles: ['viewer'] as const, where: 'environment:' },
      ['where'],
    ],
    [
      'a selector that is none',
      { ...emptyTokenForm, name: 'CI', roles: ['viewer'] as const, where: 'test' },
      ['where'],
    ],
  ])('refuses %s', (_what, form, fields) => {
    expect(Object.keys(tokenRequest(form).problems)).toEqual(fields);
  });
});

describe('tokenStanding()', () => {
  it.each([
    [null, 10, 'valid'],
    [null, 5, 'expired'],
    [3, 10, 'revoked'],
  ] as const)('revoked %s, ending at %i: %s', (revokedAt, expiresAt, standing) => {
    expect(tokenStanding({ revokedAt, expiresAt }, 5)).toBe(standing);
  });
});

describe('withRole()', () => {
  it('adds and takes away, in one order', () => {
    expect(withRole(['operator'], 'viewer', true)).toEqual(['viewer', 'operator']);
    expect(withRole(['viewer', 'operator'], 'viewer', false)).toEqual(['operator']);
  });
});
