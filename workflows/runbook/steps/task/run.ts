import { isJsonList } from '../../../domain/json-shape';
import { joinPath } from '../../../domain/effect-path';
import type { Failure } from '../../../domain/failure';
import { isInterruption } from '../../../effects';
import { firstFailure, newBatch, positionsOf, replaceAt, runBatch } from '../../batch';
import type { BatchSpec } from '../../batch';
import type { Here, Opened } from '../../here';
import { countsOf } from '../../journal';
import type { TaskStep, Where } from '../../plan';
import { ended, failedEnd } from '../../records';
import type { StepEnd } from '../../records';
import { evaluate } from '../../scope';
import type { BatchWork } from '../../state';
import { noteTolerated } from '../../tolerated';
import { clearance } from '../../steering';
import { registerTask } from '../../undo-stack';
import { namesOf, settleUnknown } from '../../unknown';

type HostsWhere = Extract<Where, { readonly on: 'hosts' }>;

/** `exec`, `run`, `uses` outside a rollout: once on the worker, on one host, or fanned out over a list. */
export async function runTask(step: TaskStep, opened: Opened, here: Here): Promise<StepEnd> {
  const { frame, path } = opened;
  const { where } = step;
  if (frame.work?.kind !== 'batch') {
    const targets = where.on === 'hosts' ? await targetsOf(where, step, here) : { ok: true as const, hosts: null };
    if (!targets.ok) return here.input.check ? ended : failedEnd(targets.failure);
    frame.work = newBatch(targets.hosts, frame.generation, here.effects.now());
  }
  const work = frame.work;
  const spec = specOf(step, path);
  if (frame.attempts > 1) await onlyNamedHosts(work, spec, here);
  try {
    await runBatch(work, spec, here);
    if (!here.input.check) await settleUnknown(work, spec, here);
  } catch (error) {
    if (isInterruption(error) && error.reason === 'cancel') registerTask(step, { path, work }, here);
    throw error;
  }
  const names = where.on === 'hosts' && !where.single ? await failedNames(work, where.set, here) : [];
  registerTask(step, { path, work }, here);
  return where.on === 'hosts' && !where.single ? endOfList(step, where, { work, path, names, here }) : endOfOne(work);
}

function specOf(step: TaskStep, path: string): BatchSpec {
  const { where } = step;
  const onHosts = where.on === 'hosts';
  return {
    operation: step.operation,
    at: step.at,
    path: onHosts ? joinPath(path, 'host:*') : path,
    phase: 'do',
    reads: step.reads,
    set: onHosts ? where.set : null,
    parallel: onHosts ? where.parallel : 1,
    maxFailures: onHosts && !where.single ? where.maxFailures : null,
    retry: step.retry,
    poll: step.poll ?? null,
    clear: (at, inner) => clearance('inside', at, inner),
    delegates: 1,
  };
}

type Targets =
  { readonly ok: true; readonly hosts: readonly number[] } | { readonly ok: false; readonly failure: Failure };

export async function targetsOf(
  where: Pick<HostsWhere, 'set' | 'only' | 'allowEmpty'>,
  step: Pick<TaskStep, 'reads'>,
  here: Here,
): Promise<Targets> {
  const count = here.input.targetCounts[where.set] ?? 0;
  const all = Array.from({ length: count }, (_, index) => index);
  const narrowed =
    where.only === undefined ? { ok: true as const, hosts: all } : await only(where.only, { where, step }, here);
  if (!narrowed.ok || narrowed.hosts.length > 0 || where.allowEmpty) return narrowed;
  return { ok: false, failure: { code: 'NO_TARGETS', message: 'Cannot run the step: no host is left to run it on' } };
}

/** A name outside the list that was approved fails the step: nothing unapproved is touched. */
async function only(
  expression: string,
  about: { where: Pick<HostsWhere, 'set'>; step: Pick<TaskStep, 'reads'> },
  here: Here,
): Promise<Targets> {
  const { where, step } = about;
  const value = await evaluate(expression, step.reads, here);
  if (!value.ok) return value;
  if (!isJsonList(value.value))
    return {
      ok: false,
      failure: {
        code: 'TARGETS_INVALID',
        message: `Cannot narrow the targets: "${expression}" is not a list of names`,
      },
    };
  const names = value.value.map(String);
  const { indices, missing } = await here.effects.lookUp('hostIndices', {
    planDigest: here.input.planDigest,
    set: where.set,
    names,
  });
  if (missing.length > 0)
    return {
      ok: false,
      failure: {
        code: 'TARGET_NOT_IN_PLAN',
        message: `Cannot use host "${missing.join('", "')}": the plan does not have it`,
      },
    };
  return { ok: true, hosts: [...new Set(indices)].sort((a, b) => a - b) };
}

/** `resume --host`: the other failed hosts stay as they are. */
async function onlyNamedHosts(work: BatchWork, spec: BatchSpec, here: Here): Promise<void> {
  const { onlyHosts } = here.state;
  if (onlyHosts === null || spec.set === null || work.hosts === null) return;
  const named = new Set(
    (await here.effects.lookUp('hostIndices', { planDigest: here.input.planDigest, set: spec.set, names: onlyHosts }))
      .indices,
  );
  const others = positionsOf(work.statuses, '.').filter((position) => !named.has(work.hosts?.[position] ?? position));
  work.statuses = replaceAt(work.statuses, others, 'f');
}

async function failedNames(work: BatchWork, set: string, here: Here): Promise<readonly string[]> {
  const failed = [...positionsOf(work.statuses, 'f'), ...positionsOf(work.statuses, 'c')].sort((a, b) => a - b);
  return namesOf(
    set,
    failed.slice(0, namesKept).map((at) => work.hosts?.[at] ?? at),
    here,
  );
}

/** Enough for people; whoever needs all reads the rows. */
const namesKept = 100;

function endOfOne(work: BatchWork): StepEnd {
  const { record, digest, attempts } = work;
  const changed = work.changed.startsWith('1');
  switch (work.statuses[0]) {
    case 's':
      return { ...ended, changed, fields: record, digest, attempts };
    case 'k':
    case undefined:
      return { ...ended, status: 'skipped', digest, attempts };
    default:
      return {
        ...failedEnd(
          firstFailure(work.failures) ?? { code: 'OPERATION_FAILED', message: 'Cannot finish the step: it failed' },
          record,
        ),
        digest,
        attempts,
      };
  }
}

function endOfList(
  step: TaskStep,
  where: HostsWhere,
  about: { work: BatchWork; path: string; names: readonly string[]; here: Here },
): StepEnd {
  const { work, path, names, here } = about;
  const counts = countsOf(work.statuses);
  const { statuses, digest, attempts } = work;
  const base = { fields: { counts: { ...counts }, failedHosts: names }, statuses, digest, attempts };
  if (counts.failed > where.maxFailures) {
    const first = firstFailure(work.failures);
    const why = first === null ? '' : `; the first: ${first.message}`;
    const message = `Cannot finish the step: ${counts.failed} of ${statuses.length} hosts failed, tolerated are ${where.maxFailures}${why}`;
    return { ...failedEnd({ code: first?.code ?? 'OPERATION_FAILED', message }), ...base };
  }
  if (counts.failed > 0) {
    const exceptions = names.map((name) => `${step.id}: ${name}`);
    noteTolerated(path, exceptions, here.state);
  }
  return { ...ended, ...base, changed: work.changed.includes('1') };
}
