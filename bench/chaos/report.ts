import { median } from '../statistics';
import { timesToGoOn } from './effects-log';
import type { EffectLine, Verdict } from './effects-log';
import type { Kill } from './kills';
import type { ChaosRun } from './load';
import type { KillKind } from './victim';

const kinds = ['worker', 'api', 'server', 'everything'] as const satisfies readonly KillKind[];

/** From the kill to going on: the next effect on any host; of the API, its next answer. */
export interface Recovery {
  readonly kills: number;
  /** The others were followed by the next kill before anything went on. */
  readonly measured: number;
  readonly medianMs: number | null;
  readonly slowestMs: number | null;
}

export interface Report {
  readonly right: boolean;
  readonly kills: number;
  readonly byKind: Readonly<Record<KillKind, Recovery>>;
  readonly runs: number;
  readonly runsEndedRight: number;
  readonly clientsThatRodeItOut: number;
  readonly effects: Verdict;
  readonly fleet: string;
}

export interface Seen {
  readonly kills: readonly Kill[];
  readonly lines: readonly EffectLine[];
  readonly runs: readonly ChaosRun[];
  readonly effects: Verdict;
  readonly fleet: string;
}

export function reportOf({ kills, lines, runs, effects, fleet }: Seen): Report {
  const runsEndedRight = runs.filter((run) => run.outcome === 'succeeded').length;
  const right = runsEndedRight === runs.length && effects.repeated.length === 0 && effects.missing.length === 0;
  const goneOn = timesToGoOn(kills, lines);
  const recovery = (kind: KillKind): Recovery => recoveryOf(kills, goneOn, kind);
  return {
    right,
    kills: kills.length,
    byKind: {
      worker: recovery('worker'),
      api: recovery('api'),
      server: recovery('server'),
      everything: recovery('everything'),
    },
    runs: runs.length,
    runsEndedRight,
    clientsThatRodeItOut: runs.filter((run) => run.absences > 0).length,
    effects,
    fleet,
  };
}

function recoveryOf(kills: readonly Kill[], goneOn: readonly (number | null)[], kind: KillKind): Recovery {
  const times = kills.flatMap((kill, index) => {
    const ms = kill.answeredAfterMs ?? goneOn[index] ?? null;
    return kill.kind === kind && ms !== null ? [ms] : [];
  });
  const count = kills.filter((kill) => kill.kind === kind).length;
  if (times.length === 0) return { kills: count, measured: 0, medianMs: null, slowestMs: null };
  return { kills: count, measured: times.length, medianMs: median(times), slowestMs: Math.max(...times) };
}

export function tableOf(report: Report): string {
  const { effects } = report;
  const facts = [
    ['kills', report.kills],
    ['runs', `${report.runs}, of which ${report.runsEndedRight} ended right`],
    ['clients', `${report.clientsThatRodeItOut} of ${report.runs} met no engine, and went on with it`],
    ['effects', `${effects.found} found, ${effects.expected} expected`],
    ['repeated', listOf(effects.repeated)],
    ['missing', listOf(effects.missing)],
    ['hosts', report.fleet],
  ] as const;
  const rows = kinds.map((kind) => {
    const { kills, measured, medianMs, slowestMs } = report.byKind[kind];
    return [kind, String(kills), String(measured), timeText(medianMs), timeText(slowestMs)];
  });
  return [
    ...facts.map(([name, value]) => `${name.padEnd(12)} ${value}`),
    '',
    rowOf(['killed', 'times', 'measured', 'going on again after', 'at worst']),
    ...rows.map(rowOf),
    '',
  ].join('\n');
}

const widths = [12, 5, 8, 20, 8];

function rowOf(cells: readonly string[]): string {
  return cells
    .map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
    .join('  ');
}

function listOf(keys: readonly string[]): string {
  return keys.length === 0 ? 'none' : keys.join(', ');
}

function timeText(ms: number | null): string {
  return ms === null ? '-' : `${ms} ms`;
}
