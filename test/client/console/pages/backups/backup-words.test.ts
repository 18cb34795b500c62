import {
  bytesText,
  drillWord,
  highestLevel,
  operationWord,
  riskWord,
  trendText,
} from '../../../../../client/console/pages/backups/backup-words';

const hourMs = 3_600_000;

describe('bytesText()', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1_000, '1.0 kB'],
    [1_449_000_000, '1.4 GB'],
    [999_900_000_000_000, '1000 TB'],
    [5e18, '5000 PB'],
  ])('of %i is %s', (bytes, text) => {
    expect(bytesText(bytes)).toBe(text);
  });
});

describe('operationWord()', () => {
  it.each([
    [
      { state: 'running', outcome: null, verdict: null },
      { word: 'Running', tone: 'busy' },
    ],
    [
      { state: 'closed', outcome: 'failed', verdict: null },
      { word: 'Failed', tone: 'bad' },
    ],
    [
      { state: 'closed', outcome: 'succeeded', verdict: { verdict: 'INVALID' } },
      { word: 'Invalid', tone: 'odd' },
    ],
  ])('of %j is %j', (operation, word) => {
    expect(operationWord(operation)).toEqual(word);
  });
});

describe('drillWord()', () => {
  it('shows what it does not know as it is called', () => {
    expect(drillWord('MAYBE')).toEqual({ word: 'MAYBE', tone: 'neutral' });
  });
});

describe('trendText()', () => {
  const trend = {
    count: 12,
    lastMs: 240_000,
    p50Ms: 300_000,
    p90Ms: 480_000,
    missed: 1,
    unknown: 2,
    direction: 'worse',
  } as const;

  it('tells the last one, the middle, the slow ones, and where it is going', () => {
    expect(trendText(trend)).toBe(
      'last 4 min, half below 5 min, nine of ten below 8 min; getting worse; 1 of 12 missed the objective; 2 not known',
    );
  });

  it('tells drills of which no time is known, and nothing besides', () => {
    const unmeasured = { ...trend, lastMs: null, p50Ms: null, p90Ms: null, missed: 0, direction: 'too-few' } as const;

    expect(trendText(unmeasured)).toBe('too few for a trend; 2 not known');
  });

  it('never takes what is not known for nothing', () => {
    expect(trendText({ ...trend, count: 0 })).toBe('not known in 2 drills');
    expect(trendText({ ...trend, count: 0, unknown: 0 })).toBe('not measured yet');
  });
});

describe('riskWord()', () => {
  const card = {
    service: 'shop',
    lastBackup: null,
    lastVerified: null,
    lastProven: null,
    lastDrill: null,
    lastPassAtMs: null,
    recoveryTime: { count: 0, lastMs: null, p50Ms: null, p90Ms: null, missed: 0, unknown: 0, direction: 'too-few' },
    recoveryPoint: { count: 0, lastMs: null, p50Ms: null, p90Ms: null, missed: 0, unknown: 0, direction: 'too-few' },
    holds: [],
    broken: [],
    alarms: {},
    findings: [],
  } as const;

  it.each([
    [2 * hourMs, 26 * hourMs, 'good'],
    [27 * hourMs, 26 * hourMs, 'bad'],
    [27 * hourMs, null, 'neutral'],
  ])('of %i ms with an objective of %s is %s', (riskMs, rpoMs, tone) => {
    const risk = { kind: 'known', id: 's1', atMs: 0, riskMs } as const;

    expect(riskWord({ card: { ...card, risk }, objectives: { rpoMs, rtoMs: null } }).tone).toBe(tone);
  });

  it('says that everything would be lost where nothing is verified', () => {
    const risk = { kind: 'unbounded' } as const;

    expect(riskWord({ card: { ...card, risk }, objectives: { rpoMs: 1, rtoMs: null } }).tone).toBe('bad');
  });
});

describe('highestLevel()', () => {
  it.each([
    [{}, null],
    [{ V0: 1, V3: 5, V1: 2 }, 'V3'],
    [{ V4: undefined, V1: 1 }, 'V1'],
  ])('of %j is %s', (levels, level) => {
    expect(highestLevel(levels)).toBe(level);
  });
});
