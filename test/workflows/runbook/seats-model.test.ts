import { playTogether } from './seated-world';
import type { Seen } from './seated-world';

/** Worlds of 20 rollouts each over twelve hosts in four overlapping redundancy groups. */
const worlds = Array.from({ length: 10 }, (_, tens) => Array.from({ length: 5 }, (_each, unit) => tens * 5 + unit + 1));

describe('1,000 random rollouts, killed, cancelled, backed out, resumed and repaired (R-ROLL-1, D13)', () => {
  test.each(worlds)('never are more hosts of a group out than may be: worlds %i, %i, %i, %i, %i', async (...seeds) => {
    const seen: Seen[] = [];
    for (const seed of seeds) seen.push(await playTogether(seed, 20));

    expect(seen.flatMap(({ violations }) => violations)).toEqual([]);
    // It would prove nothing if they kept out of each other's way, or never came to an end.
    const most = (group: string): number => Math.max(...seen.map((each) => each.most[group] ?? 0));
    expect(['web', 'shop', 'cache', 'rack'].map(most)).toEqual([2, 1, 1, 3]);
    const ended = (outcome: string): number => seen.reduce((sum, { outcomes }) => sum + (outcomes[outcome] ?? 0), 0);
    expect(ended('succeeded')).toBeGreaterThan(20);
    expect(Math.min(...['died', 'failed', 'undone', 'cancelled'].map(ended))).toBeGreaterThan(0);
    expect(seen.flatMap(({ seatsLeft }) => seatsLeft)).toEqual([]);
  });
});
