import { prometheusText } from '../../client/prometheus-text';

test('prometheusText() writes help, type and every sample of a family', () => {
  const samples = [
    { labels: { plan: 'a', service: 'shop' }, value: 1.5 },
    { labels: {}, value: 0 },
  ];

  expect(prometheusText([{ name: 'backup_age_seconds', help: 'Age.', samples }])).toBe(
    '# HELP backup_age_seconds Age.\n' +
      '# TYPE backup_age_seconds gauge\n' +
      'backup_age_seconds{plan="a",service="shop"} 1.5\n' +
      'backup_age_seconds 0\n',
  );
});

test.each([
  ['a quote', 'say "hi"', String.raw`say \"hi\"`],
  ['a backslash', String.raw`C:\shop`, String.raw`C:\\shop`],
  ['a line break', 'one\ntwo', String.raw`one\ntwo`],
  ['a backslash before an n', String.raw`a\nb`, String.raw`a\\nb`],
  ['a brace', 'a}b', 'a}b'],
])('a label value with %s is escaped', (_what, value, written) => {
  const text = prometheusText([{ name: 'x', help: 'X.', samples: [{ labels: { plan: value }, value: 1 }] }]);

  expect(text.split('\n')[2]).toBe(`x{plan="${written}"} 1`);
});

test.each([
  [Infinity, '+Inf'],
  [-Infinity, '-Inf'],
  [NaN, 'NaN'],
  [1e21, '1e+21'],
])('the value %s is written as %s', (value, written) => {
  expect(prometheusText([{ name: 'x', help: '', samples: [{ labels: {}, value }] }])).toContain(`x ${written}\n`);
});

test('a help text stays on its line, and a family without a sample is left out', () => {
  const metrics = [
    { name: 'x', help: 'a\nb\\c', samples: [{ labels: {}, value: 1 }] },
    { name: 'y', help: '', samples: [] },
  ];

  const text = prometheusText(metrics);

  expect(text).toContain(String.raw`# HELP x a\nb\\c`);
  expect(text).not.toContain('y');
});
