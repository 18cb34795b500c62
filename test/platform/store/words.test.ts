import fc from 'fast-check';

import { hostWords, labelWord, soughtIn, soughtNames, textsOf, wordsIn } from '../../../platform/store/words';

test.each([
  ['web-1.example.org', ['web', '1', 'example', 'org']],
  ['user/Anna', ['user', 'anna']],
  ['Größe ÉTÉ', ['größe', 'été']],
  ['--- ...', []],
])('wordsIn() takes "%s" apart at whatever is no letter and no digit', (text, words) => {
  expect(wordsIn([text, text])).toEqual(words);
});

test('labelWord() makes one word of a label, and another one of any other', () => {
  const words = [
    { name: 'team', value: 'x' },
    { name: 'tea', value: 'mx' },
    { name: 'x', value: 'team' },
    { name: 'team', value: 'X' },
  ].map(labelWord);

  expect(new Set(words)).toHaveProperty('size', 4);
  for (const word of words) expect(wordsIn([word])).toEqual([word]);
});

test('textsOf() tells names of nothing and values of everything, however deep', () => {
  expect(textsOf({ a: { b: ['x', 1, null, true] }, c: 'y' })).toEqual(['x', '1', 'y']);
});

test('soughtIn() looks for longer words also as beginnings, for shorter ones as they are', () => {
  expect(soughtIn('we web WEB')).toEqual([
    { word: 'we', isBeginning: false },
    { word: 'web', isBeginning: true },
  ]);
});

test('neither what is written nor what is looked for grows without end, and nothing in it is more than letters and digits', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary', maxLength: 200 }), { maxLength: 50 }), (texts) => {
      const words = [...wordsIn(texts), ...soughtIn(texts.join(' ')).map(({ word }) => word)];

      for (const word of words) expect(word).toMatch(/^[\p{L}\p{N}]{1,60}$/u);
    }),
  );
  expect(wordsIn([Array.from({ length: 1_000 }, (_none, index) => `w${index}`).join(' ')])).toHaveLength(300);
  expect(soughtIn('a b c d e f g h i j k')).toHaveLength(8);
});

test('W3: a host is looked for by its whole name or by the one before the first dot, and never by a part of it', () => {
  const sought = (text: string) => soughtNames(text).map(({ host }) => host);

  expect(hostWords('Web-3.example.com')).toEqual([...sought('web-3.example.com'), ...sought('WEB-3')]);
  expect(hostWords('db1')).toEqual(sought('db1'));
  expect(hostWords('...')).toEqual([]);
  expect(hostWords('web-3')).not.toEqual(expect.arrayContaining([...sought('web'), ...sought('web 3')]));
});
