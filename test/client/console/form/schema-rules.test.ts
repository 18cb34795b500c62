import { declaredBySchema, declaredIn } from '../../../../client/console/form/schema-rules';

test('declaredBySchema() reads the form of a task: types, formats, and what is required', () => {
  const form = {
    type: 'object',
    required: ['ticket'],
    properties: {
      ticket: { type: 'string', title: 'Ticket', pattern: '^T-[0-9]+$' },
      until: { type: 'string', format: 'date-time' },
      sure: { type: 'boolean' },
    },
  };

  expect(declaredBySchema(form)).toEqual({
    ticket: { type: 'string', title: 'Ticket', pattern: '^T-[0-9]+$', required: true },
    until: { type: 'datetime', format: 'date-time', required: false },
    sure: { type: 'boolean', required: false },
  });
});

test.each([[null], ['text'], [{}], [{ properties: 7 }]])('declaredBySchema() has no fields for %j', (form) => {
  expect(declaredBySchema(form)).toEqual({});
});

test('declaredIn() leaves out what is no declaration', () => {
  expect(declaredIn({ a: { type: 'string' }, b: { type: 'colour' }, c: 'text' })).toEqual({ a: { type: 'string' } });
});
