import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Fleet } from '../../test/support/fleet/fleet';
import { effectSteps } from './runbook';

export interface EffectLine {
  readonly host: string;
  readonly tag: string;
  readonly step: string;
  /** Epoch ms, by the host's clock, which is this machine's. */
  readonly atMs: number;
}

/** What really happened on the hosts, read from their own files. */
export async function readEffects(fleet: Fleet): Promise<readonly EffectLine[]> {
  const perHost = await Promise.all(
    fleet.hosts.map(async (host) => {
      const text = await readFile(join(host.home, 'effects.log'), 'utf8').catch(() => '');
      return text
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => parseLine(host.name, line));
    }),
  );
  return perHost.flat();
}

export interface Verdict {
  readonly expected: number;
  readonly found: number;
  readonly repeated: readonly string[];
  readonly missing: readonly string[];
}

/** Every (run, host, step) exactly once. */
export function judgeEffects(lines: readonly EffectLine[], tags: readonly string[], hosts: readonly string[]): Verdict {
  const seen = new Map<string, number>();
  for (const line of lines) {
    const key = `${line.tag}/${line.host}/${line.step}`;
    seen.set(key, (seen.get(key) ?? 0) + 1);
  }
  const wanted = tags.flatMap((tag) => hosts.flatMap((host) => effectSteps.map((step) => `${tag}/${host}/${step}`)));
  return {
    expected: wanted.length,
    found: lines.length,
    repeated: [...seen].filter(([, count]) => count > 1).map(([key]) => key),
    missing: wanted.filter((key) => !seen.has(key)),
  };
}

/** A command that ran on a host when the worker died goes on there: its effect does not show that the engine went on. */
const inFlightMs = 500;

/** For each kill: how long until the engine's next effect appeared anywhere; null when another kill came before it. */
export function timesToGoOn(
  kills: readonly { readonly atMs: number }[],
  lines: readonly EffectLine[],
): readonly (number | null)[] {
  const instants = lines.map((line) => line.atMs).toSorted((a, b) => a - b);
  return kills.map(({ atMs }, index) => {
    const next = instants.find((instant) => instant > atMs + inFlightMs);
    return next !== undefined && next < (kills[index + 1]?.atMs ?? Number.POSITIVE_INFINITY) ? next - atMs : null;
  });
}

function parseLine(host: string, line: string): EffectLine {
  const [tag = '', step = '', nanoseconds = '0'] = line.split(' ');
  return { host, tag, step, atMs: Number(BigInt(nanoseconds) / 1_000_000n) };
}
