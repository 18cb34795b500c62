import { joinPath, segment } from '../../../domain/effect-path';
import { addSample, noSamples, sampleOf, verdictOf, worstVerdict } from '../../../domain/gate-analysis';
import type { Sample } from '../../../domain/gate-analysis';
import type { GateVerdict } from '../../../domain/journal';
import { firstFailure, newBatch, runBatch } from '../../batch';
import type { BatchSpec } from '../../batch';
import type { Here } from '../../here';
import type { GateMetric } from '../../plan';
import type { GateProgress, RolloutWork } from '../../state';

export interface GateResult {
  readonly verdict: GateVerdict;
  readonly message: string;
}

/** Where a gate stands: its path, its wave, and what it has measured so far. */
export interface GateRound {
  readonly path: string;
  readonly wave: number;
  readonly progress: GateProgress;
  /** Absent: every verdict is told. */
  readonly isNews?: (metric: string, verdict: GateVerdict) => boolean;
}

export function newGate(generation: number): GateProgress {
  return { generation, metrics: {} };
}

/** R-ROLL-7: no timer promotes over it; every metric is measured to its own verdict, and the worst of them counts. */
export async function runGate(metrics: readonly GateMetric[], round: GateRound, here: Here): Promise<GateResult> {
  // Before the first wave and after an undo no wave is under way: there it is number 0, of no host.
  const names = { wave: { index: round.wave, size: 0 }, ...here.names };
  const results = await here.effects.all(
    metrics.map((metric) => (effects) => measure(metric, round, { ...here, names, effects })),
  );
  const verdict = worstVerdict(results.map((result) => result.verdict));
  return results.find((result) => result.verdict === verdict) ?? { verdict, message: '' };
}

/** What each metric said last: whoever watches on tells only what is new. */
export function noteVerdicts(work: RolloutWork, progress: GateProgress): void {
  for (const [metric, { verdict }] of Object.entries(progress.metrics))
    if (verdict !== null) work.verdicts[metric] = verdict;
}

async function measure(metric: GateMetric, round: GateRound, here: Here): Promise<GateResult> {
  const known = (round.progress.metrics[metric.id] ??= {
    tally: noSamples,
    nextAt: here.effects.now(),
    verdict: null,
    message: '',
  });
  for (;;) {
    if (known.verdict !== null) return { verdict: known.verdict, message: known.message };
    if (known.nextAt > here.effects.now()) await here.effects.waitFor(() => false, known.nextAt);
    await here.effects.checkpoint();
    const { sample, message } = await takeSample(metric, { ...round, number: known.tally.samples + 1 }, here);
    known.tally = addSample(known.tally, sample);
    known.message = message;
    known.nextAt = here.effects.now() + metric.sample.everyMs;
    known.verdict = verdictOf(metric.sample, known.tally);
    if (known.verdict !== null)
      recordVerdict(metric, { round, verdict: known.verdict, message, samples: known.tally.samples }, here);
  }
}

async function takeSample(
  metric: GateMetric,
  at: GateRound & { number: number },
  here: Here,
): Promise<{ sample: Sample; message: string }> {
  const { where } = metric;
  const hosts =
    where.on === 'hosts' ? Array.from({ length: here.input.targetCounts[where.set] ?? 0 }, (_, index) => index) : null;
  const spec: BatchSpec = {
    operation: metric.operation,
    at: metric.at,
    path: joinPath(at.path, segment('gate', metric.id), segment('sample', at.number), hosts === null ? '' : 'host:*'),
    phase: 'do',
    reads: metric.reads,
    set: where.on === 'hosts' ? where.set : null,
    parallel: where.on === 'hosts' ? where.parallel : 1,
    maxFailures: null,
    retry: null,
    poll: null,
    clear: null,
    delegates: 1,
  };
  const work = newBatch(hosts, at.progress.generation, here.effects.now());
  await runBatch(work, spec, here);
  const failure = firstFailure(work.failures);
  const bad = work.statuses.split('').some((code) => 'fucn'.includes(code));
  return { sample: sampleOf(bad, failure?.code ?? null, metric.noData), message: failure?.message ?? '' };
}

function recordVerdict(
  metric: GateMetric,
  found: { round: GateRound; verdict: GateVerdict; message: string; samples: number },
  here: Here,
): void {
  const { round, verdict, message, samples } = found;
  if (round.isNews?.(metric.id, verdict) === false) return;
  const path = joinPath(round.path, segment('gate', metric.id));
  const payload = { path, wave: round.wave, metric: metric.id, verdict, samples, message };
  here.effects.record({ key: `${path}@${round.progress.generation}/do/gate.verdict`, kind: 'gate.verdict', payload });
}
