import {
  draftIn,
  draftOf,
  draftProblems,
  emptyForm,
  formOf,
  problemsOf,
} from '../../../../../client/console/pages/changes/draft-model';
import type { Asked } from '../../../../../client/console/pages/changes/draft-model';
import { ChangeDraft } from '../../../../../workflows/change/schema';

const berlin = 'Europe/Berlin';
const asked: Asked = {
  inputs: {
    version: { type: 'string', pattern: '^\\d+\\.\\d+$' },
    hosts: { type: 'array', items: { type: 'string' } },
  },
  fields: { ticket: { type: 'string' } },
};

const draft = {
  model: 'change/normal',
  runbook: 'shop-release@1',
  title: 'Release the shop',
  reason: 'The new checkout',
  limit: ['web1', 'web2'],
  inputs: { version: '1.2', hosts: ['web1', 'web2'] },
  fields: { ticket: 'OPS-7' },
  items: ['service/shop'],
  answers: { impact: 'many' },
  window: { start: '2026-11-24T21:00:00.000Z', end: '2026-11-25T01:00:00.000Z', cutoff: '30m', zone: berlin },
};

describe('draftOf()', () => {
  it('gives back the draft that the form was filled from', () => {
    expect(draftOf(formOf(draft, 'UTC'), asked)).toEqual(draft);
  });

  it('is a draft that the API takes', () => {
    expect(ChangeDraft.safeParse(draftOf(formOf(draft, 'UTC'), asked)).success).toBe(true);
  });

  it('shows the window on the clock of its own zone', () => {
    expect(formOf(draft, 'UTC')).toMatchObject({ start: '2026-11-24T22:00', end: '2026-11-25T02:00', zone: berlin });
  });

  it('leaves out what is empty of what may be absent', () => {
    const form = { ...emptyForm(berlin), title: ' Release ', start: '2026-11-24T22:00', end: '2026-11-24T23:00' };

    expect(draftOf(form, { inputs: {}, fields: {} })).toEqual({
      title: 'Release',
      model: '',
      runbook: '',
      window: { start: '2026-11-24T21:00:00.000Z', end: '2026-11-24T22:00:00.000Z', zone: berlin },
    });
  });
});

describe('draftProblems()', () => {
  it('names everything that is missing, field by field', () => {
    expect(Object.keys(draftProblems(emptyForm(berlin), asked)).sort()).toEqual([
      'end',
      'fields.ticket',
      'inputs.hosts',
      'inputs.version',
      'model',
      'runbook',
      'start',
      'title',
    ]);
  });

  it('finds nothing in a whole draft', () => {
    expect(draftProblems(formOf(draft, berlin), asked)).toEqual({});
  });

  it('refuses a window that ends before it starts', () => {
    const form = { ...formOf(draft, berlin), end: '2026-11-24T21:59' };

    expect(draftProblems(form, asked)).toEqual({ end: 'The window ends before it starts' });
  });

  it('says of each input what is wrong with it', () => {
    const form = { ...formOf(draft, berlin), inputs: { version: 'x', hosts: 'web1' } };

    expect(Object.keys(problemsOf('inputs', draftProblems(form, asked)))).toEqual(['version']);
  });
});

describe('draftIn()', () => {
  it.each([[null], [7], [{ runbook: 3 }]])('of %j shows nothing', (value) => {
    expect(draftIn(value)).toEqual({ runbook: '', texts: [] });
  });
});
