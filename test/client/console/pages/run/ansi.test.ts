import { plainText } from '../../../../../client/console/pages/run/ansi';

test.each([
  ['plain', 'plain'],
  ['\u001B[1;31mred\u001B[0m and \u001B[38;5;12mblue\u001B[m', 'red and blue'],
  ['\u001B]0;a title\u0007text', 'text'],
  ['\u001B]8;;https://example\u001B\\link\u001B]8;;\u001B\\', 'link'],
  ['10 %\r50 %\r100 %', '100 %'],
  ['with a return at its end\r', 'with a return at its end'],
  ['bell\u0007 and null\u0000', 'bell and null'],
  ['a\ttab stays', 'a\ttab stays'],
  ['\u001B[2K\u001B[1Gdone', 'done'],
])('plainText() reads %j as %j', (line, text) => {
  expect(plainText(line)).toBe(text);
});

test('plainText() says the same of the same line every time', () => {
  const line = 'bell\u0007';

  expect([plainText(line), plainText(line), plainText(line)]).toEqual(['bell', 'bell', 'bell']);
});
