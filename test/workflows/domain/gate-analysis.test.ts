import { addSample, noSamples, sampleOf, verdictOf, worstVerdict } from '../../../workflows/domain/gate-analysis';
import type { GateRule, Sample } from '../../../workflows/domain/gate-analysis';
import { sampleCodes } from '../../../workflows/domain/outcome';

const letters: { readonly [letter: string]: Sample } = { s: 'successful', f: 'failed', i: 'inconclusive', e: 'error' };

/** Verdict after the fewest samples that give one. */
function judge(samples: string, rule: Partial<GateRule>): string {
  const whole: GateRule = {
    count: samples.length,
    failureLimit: 0,
    inconclusiveLimit: 0,
    consecutiveErrorLimit: 4,
    consecutiveSuccess: 1,
    ...rule,
  };
  let tally = noSamples;
  for (const letter of samples.split('')) {
    tally = addSample(tally, letters[letter] ?? 'error');
    const verdict = verdictOf(whole, tally);
    if (verdict !== null) return `${verdict} after ${tally.samples}`;
  }
  return 'none';
}

test.each<[string, string, Partial<GateRule>, string]>([
  ['R-ROLL-3', 'sss', {}, 'successful after 3'],
  ['R-ROLL-3', 'sf', {}, 'failed after 2'],
  ['R-ROLL-3', 'sfsss', { failureLimit: 1 }, 'successful after 5'],
  ['R-ROLL-3', 'sfsf', { failureLimit: 1 }, 'failed after 4'],
  ['R-ROLL-3', 'si', {}, 'inconclusive after 2'],
  ['R-ROLL-3', 'sis', { inconclusiveLimit: 1 }, 'successful after 3'],
  ['R-ROLL-3', 'eeeee', { count: 9 }, 'error after 5'],
  ['R-ROLL-3', 'eeeesss', {}, 'successful after 7'],
  ['R-ROLL-4', 'ssfss', { failureLimit: 1, consecutiveSuccess: 3 }, 'inconclusive after 5'],
  ['R-ROLL-4', 'fsss', { failureLimit: 1, consecutiveSuccess: 3 }, 'successful after 4'],
  ['R-ROLL-4', 'ss', { count: 5, consecutiveSuccess: 2 }, 'none'],
])('%s: samples %s with %j give %s', (_rule, samples, rule, expected) => {
  expect(judge(samples, rule)).toBe(expected);
});

test.each<[boolean, string | null, 'fail' | 'inconclusive' | 'pass', Sample]>([
  [false, null, 'fail', 'successful'],
  [true, sampleCodes.failed, 'fail', 'failed'],
  [true, sampleCodes.inconclusive, 'fail', 'inconclusive'],
  [true, sampleCodes.noData, 'fail', 'failed'],
  [true, sampleCodes.noData, 'inconclusive', 'inconclusive'],
  [true, sampleCodes.noData, 'pass', 'successful'],
  [true, 'EXPRESSION_FAILED', 'pass', 'error'],
  [true, 'HTTP_UNREACHABLE', 'pass', 'error'],
])('R-ROLL-3: a sample that failed=%s with %s and noData %s is %s', (failed, code, noData, expected) => {
  expect(sampleOf(failed, code, noData)).toBe(expected);
});

test('a gate is as good as its worst metric, and open without any', () => {
  expect([
    worstVerdict(['successful', 'inconclusive', 'failed']),
    worstVerdict(['successful', 'error']),
    worstVerdict([]),
  ]).toEqual(['failed', 'error', 'successful']);
});
