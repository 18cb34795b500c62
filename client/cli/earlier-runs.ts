import { z } from 'zod';

import { definitionsIn, historyOf } from '../../definitions/plan-view/estimate/history';
import type { DurationHistory } from '../../workflows/domain/estimate';
import { messageOf } from '../../platform/system-error';
import type { Program } from '../../workflows/runbook/plan';
import { StepDuration } from '../api/schema';
import type { ApiClient } from './api-client';
import type { Cli, ConnectionOptions } from './cli';

const Durations = z.object({ durations: z.array(StepDuration) });

const answerWithinMs = 10_000;

/** What earlier runs took, if there is an engine that knows of any: a plan of files needs none, and is not kept waiting by one. */
export async function earlierRuns(
  cli: Cli,
  options: ConnectionOptions,
  program: Program,
): Promise<(definition: string) => DurationHistory> {
  const api = await cli.connect(options).catch(() => null);
  if (api === null) return historyOf(new Map());
  try {
    return await askEngine(api.until(AbortSignal.timeout(answerWithinMs)).atOnce(), program);
  } catch (error) {
    cli.terminal.note(`Estimated without earlier runs: ${messageOf(error)}`);
    return historyOf(new Map());
  }
}

async function askEngine(api: ApiClient, program: Program): Promise<(definition: string) => DurationHistory> {
  const found = await Promise.all(
    definitionsIn(program).map(async (definition) => {
      const { durations } = await api.get('/durations', { definition }, Durations);
      return [definition, durations] as const;
    }),
  );
  return historyOf(new Map(found));
}
