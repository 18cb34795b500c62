import type { RestorePoint } from '../../../../../client/console/pages/backups/backup-types';
import { placedPoints, standingOf } from '../../../../../client/console/pages/backups/points-model';

describe('standingOf()', () => {
  it.each([
    ['', { V0: 1 }, 'made'],
    ['', {}, 'made'],
    ['', { V0: 1, V1: 2 }, 'verified'],
    ['', { V1: 2, V4: 3 }, 'proven'],
    ['broken', { V1: 2, V4: 3 }, 'doubtful'],
  ])('problem %j, levels %j: %s', (problem, levels, standing) => {
    expect(standingOf({ problem, levels })).toBe(standing);
  });
});

describe('placedPoints()', () => {
  const made = {
    id: 'b1',
    setId: 's1',
    plan: 'p',
    service: 'shop',
    group: 'g',
    endedAtMs: 0,
    kind: 'full',
    parent: '',
  } as const;
  const rest = {
    sizeBytes: 1,
    storedBytes: 1,
    digest: '',
    versions: { tool: '', server: '' },
    repository: 'r',
  } as const;
  const flags = { late: false, owned: true, broken: '', offsite: false, expiring: false, hasManifest: true } as const;
  const none = { readPercent: null, failedTests: [], holds: [], pins: [], offsiteAt: null, prunedAt: null } as const;

  function pointAt(atMs: number): RestorePoint {
    return { ...made, ...rest, ...flags, ...none, atMs, levels: { V1: 1 }, problem: '', lossMs: 0 };
  }

  it('puts the oldest to the left end and now to the right', () => {
    const placed = placedPoints([pointAt(100), pointAt(150), pointAt(200)], 200);

    expect(placed.map(({ place, standing }) => [place, standing])).toEqual([
      [0, 'verified'],
      [0.5, 'verified'],
      [1, 'verified'],
    ]);
  });

  it('keeps a point that the clock of its host puts ahead of ours on the line', () => {
    expect(placedPoints([pointAt(100), pointAt(300)], 200).map(({ place }) => place)).toEqual([0, 1]);
  });
});
