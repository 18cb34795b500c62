import { cut, factLines, fitted } from '../../activities/notice-fit';
import { notice } from './notices';

const wide = { longest: 10_000, fits: () => true };

test('fitted() leaves a message as it is that fits', () => {
  expect(fitted(notice(), wide)).toEqual(notice());
});

test('fitted() makes lines of lines, and takes out what would change how others are shown', () => {
  const title = 'Re\u202Elease\r\n\u00071.2\uD800';
  const facts = [{ name: 'Out\nput', lines: ['a\r\nb\u2028c', '\td\u0000'] }];

  expect(fitted(notice({ title, subject: title, opening: [title], facts }), wide)).toMatchObject({
    title: 'Release 1.2',
    subject: 'Release 1.2',
    opening: ['Release 1.2'],
    facts: [{ name: 'Out put', lines: ['a', 'b', 'c', ' d'] }],
  });
});

test('fitted() shortens until it fits, and says that there is more', () => {
  const facts = Array.from({ length: 50 }, (_, index) => ({ name: `fact ${index}`, lines: ['x'.repeat(2_000)] }));

  const short = fitted(notice({ facts }), {
    longest: 100_000,
    fits: (message) => JSON.stringify(message).length < 4_000,
  });

  expect(JSON.stringify(short).length).toBeLessThan(4_000);
  expect(short.facts.at(-1)).toEqual({ name: '…', lines: ['there is more than fits in a message'] });
  expect(short.facts[0]?.name).toBe('fact 0');
});

test('fitted() gives up shortening when nothing would be said any more', () => {
  const short = fitted(notice({ opening: ['y'.repeat(5_000)] }), { longest: 1_000, fits: () => false });

  expect(short.title).toBe('Release 1.2');
  expect(short.opening.join('').length).toBeLessThan(80);
});

test.each([
  ['short', 10, 'short'],
  ['longer than that', 7, 'longer…'],
  // A character of two halves is left out whole.
  ['abc\u{1F4A5}def', 5, 'abc…'],
])('cut(%j, %i) is %j', (text, length, expected) => {
  expect(cut(text, length)).toBe(expected);
});

test('factLines() puts one line behind the name, and more below it', () => {
  expect(factLines({ name: 'Risk', lines: ['high'] })).toEqual(['Risk: high']);
  expect(factLines({ name: 'Hosts', lines: ['web1', 'web2'] })).toEqual(['Hosts:', '  web1', '  web2']);
});
