import { addressed, after } from '../../../client/console/request';
import { staleAfter } from '../../../client/console/stale';

describe('addressed()', () => {
  it('fills the path of the route, encoded', () => {
    const { path } = addressed('GET /definitions/:kind/:name', { params: { kind: 'Runbook', name: 'web/upgrade' } });

    expect(path).toBe('/definitions/Runbook/web%2Fupgrade');
  });

  it('asks for what the page asks for, whatever its filters say of it', () => {
    const { query } = addressed('GET /runs', { query: { limit: 50 }, filters: { state: 'odd', q: undefined } });

    expect(query).toEqual({ state: 'odd', q: undefined, limit: 50 });
  });

  it('names what was read by a path that live news know', () => {
    const { path } = addressed('GET /runs/:ref/hosts', { params: { ref: 'r7abc' } });

    expect(staleAfter({ kind: 'step.ended', process: { kind: 'run', id: 'r7abc', number: 7 } }, path)).toBe(true);
    expect(staleAfter({ kind: 'step.ended', process: { kind: 'run', id: 'r8xyz', number: 8 } }, path)).toBe(false);
  });

  it('keeps the key of what must not happen twice', () => {
    expect(addressed('POST /runs', { key: 'once' }).key).toBe('once');
  });
});

test('after() goes on from a place in the same list, and from its beginning without one', () => {
  const address = { query: { limit: 50 }, filters: { q: 'shop' } };

  expect(addressed('GET /runs', after<'GET /runs'>(address, 'xyz')).query).toEqual({
    q: 'shop',
    cursor: 'xyz',
    limit: 50,
  });
  expect(after<'GET /runs'>(address, '')).toBe(address);
});
