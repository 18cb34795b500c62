import { comingUp } from '../../../../../client/console/pages/home/coming-up';

const window = (startMs: number) => ({ startMs, endMs: startMs + 1, cutoffMs: startMs });

test('comingUp() lists changes with a window and drills in one order, without what is over or has no time', () => {
  const changes = [
    { number: 1, title: 'later', window: window(300), endedAt: null },
    { number: 2, title: 'without a window', window: null, endedAt: null },
    { number: 3, title: 'over', window: window(50), endedAt: 60 },
  ];

  expect(comingUp(changes, [{ plan: 'shop-db', service: 'shop', atMs: 200 }])).toEqual([
    { kind: 'drill', name: 'shop-db', title: 'shop', atMs: 200 },
    { kind: 'change', name: 'CHG-1', title: 'later', atMs: 300 },
  ]);
});
