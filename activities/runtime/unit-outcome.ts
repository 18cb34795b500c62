import type { Failure } from '../../workflows/domain/failure';
import type { HostRow } from '../../workflows/domain/journal';
import { stepPath } from '../../workflows/domain/effect-path';
import type { OperationRequest } from '../../workflows/domain/operation';
import type { Judged } from '../../workflows/domain/outcome';
import type { Unit } from './batch';

/** What becomes a row: the verdict, and the times of the job itself. */
export interface UnitOutcome extends Omit<Judged, 'status'> {
  readonly status: HostRow['status'];
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  readonly output: HostRow['output'];
}

const nothing = {
  changed: false,
  exitCode: null,
  error: null,
  captured: {},
  startedAt: null,
  endedAt: null,
  output: null,
};

export function skipped(): UnitOutcome {
  return { ...nothing, status: 'skipped' };
}

/** Nothing was sent anywhere. */
export function failedBefore(error: Failure): UnitOutcome {
  return { ...nothing, status: 'failed', error };
}

export function cancelled(changed: boolean): UnitOutcome {
  return { ...nothing, status: 'cancelled', changed };
}

export function unknown(error: Failure): UnitOutcome {
  return { ...nothing, status: 'unknown', changed: true, error };
}

export function rowOf(request: OperationRequest, unit: Unit, outcome: UnitOutcome): HostRow {
  const { phase, generation, path } = request;
  const { startedAt, endedAt } = outcome;
  return {
    path: unit.path,
    step: stepPath(path),
    host: unit.host?.name ?? '',
    delegate: unit.delegate?.name ?? null,
    phase,
    generation,
    status: outcome.status,
    changed: outcome.changed,
    exitCode: outcome.exitCode,
    startedAt,
    endedAt,
    durationMs: startedAt === null || endedAt === null ? null : endedAt - startedAt,
    error: outcome.error,
    captured: outcome.captured,
    output: outcome.output,
  };
}
