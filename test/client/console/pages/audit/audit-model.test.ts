import { auditQuery } from '../../../../../client/console/pages/audit/audit-model';

describe('auditQuery()', () => {
  it('gives the filters as the API takes them, times on the clock of the zone', () => {
    const filters = {
      process: ' CHG-12',
      kind: 'vote.cast, task.closed',
      from: '2026-11-24',
      until: '2026-11-24T18:00',
    };

    expect(auditQuery(filters, 'Europe/Berlin')).toEqual({
      query: {
        process: 'CHG-12',
        kind: 'vote.cast,task.closed',
        from: '2026-11-23T23:00:00.000Z',
        until: '2026-11-24T17:00:00.000Z',
      },
      problem: null,
    });
  });

  it('leaves out a time that cannot be read, and says so', () => {
    const { query, problem } = auditQuery({ actor: 'user/anna', from: 'yesterday' }, 'UTC');

    expect(query).toEqual({ actor: 'user/anna' });
    expect(problem).toContain('"yesterday"');
  });

  it('is not disturbed by filters of other parts of the page', () => {
    expect(auditQuery({ view: 'journal', cursor: 'x' }, 'UTC')).toEqual({ query: {}, problem: null });
  });
});
