import { join } from 'node:path';

import { historyToJSON } from '@temporalio/common/lib/proto-utils';
import type { History } from '@temporalio/common/lib/proto-utils';

import type { RunView } from '../../client/engine';
import { createRegistry } from '../../client/published-registry';
import type { RecoveringEngine } from '../../client/run-engine';
import { createTemporalEngine } from '../../client/temporal-engine';
import type { Json, JsonObject } from '../../workflows/domain/json';
import { openEngine } from './engine-under-test';
import type { EngineOptions, EngineUnderTest } from './engine-under-test';

/** A whole engine without its processes: runbooks in, runs out. */
export interface Stage {
  readonly under: EngineUnderTest;
  readonly engine: RecoveringEngine;
  start(runbook: string, inputs?: JsonObject): Promise<string>;
  /** Asks the folds again until they say so; the run goes on in the worker meanwhile. */
  until(runId: string, holds: (run: RunView) => boolean | Promise<boolean>): Promise<RunView>;
  answer(runId: string, given: { readonly actor: string; readonly choice: string }): Promise<void>;
  signal(runId: string): Promise<void>;
  childOf(runId: string): Promise<string>;
  /** The histories of the run up to now, one for each time that it continued as new. */
  histories(runId: string): Promise<readonly Json[]>;
  close(): Promise<void>;
}

export interface StageOptions extends Pick<EngineOptions, 'connectors' | 'server' | 'grants'> {
  /** YAML. */
  readonly documents: string;
}

export async function openStage({ documents, ...options }: StageOptions): Promise<Stage> {
  const workflowsPath = join(__dirname, '..', '..', 'workflows', 'index.ts');
  const under = await openEngine({ workflowsPath, ...options });
  const { client, taskQueue } = under.environment;
  const engine = createTemporalEngine({ store: under.store, client, taskQueue, answerTimeoutMs: 10_000 });
  const registry = createRegistry(under.store);
  try {
    await registry.apply([{ name: 'stage.yaml', text: documents, files: {} }], { actor: 'user/anna', via: 'test' });
    await under.startWorker();
  } catch (error) {
    await under.close();
    throw error;
  }

  async function until(runId: string, holds: (run: RunView) => boolean | Promise<boolean>): Promise<RunView> {
    for (const giveUpAt = Date.now() + 90_000; Date.now() < giveUpAt;) {
      const run = await engine.show(runId);
      if (run !== null && (await holds(run))) return run;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    throw new Error(`Cannot see what the run should come to: it stays ${JSON.stringify(await engine.show(runId))}`);
  }

  return {
    under,
    engine,
    until,
    async start(definition, inputs = {}) {
      const bundle = await registry.compile({ definition, inputs });
      return (await engine.start({ ...bundle, requester: 'user/carl', via: 'test' })).id;
    },
    async answer(runId, given) {
      const { tasks } = await until(runId, (run) => run.tasks.some(({ closed }) => closed === null));
      const taskId = tasks.find(({ closed }) => closed === null)?.id ?? '';
      const result = await engine.answer({ taskId, via: 'test', ...given });
      if (!result.accepted) throw new Error(`Cannot answer: ${result.reason}`);
    },
    signal: (runId) => engine.signal(runId, { name: 'goOn', data: null, actor: 'user/anna', via: 'test', id: 'e1' }),
    async childOf(runId) {
      const [child] = await under.store.views.runs({ parent: runId, limit: 1 });
      if (child === undefined) throw new Error('Cannot find the child: the run has none');
      return child.id;
    },
    async histories(runId) {
      const found: Json[] = [];
      const workflow = `run/${runId}`;
      for (let execution: string | undefined = ''; execution !== undefined;) {
        const handle = client.workflow.getHandle(workflow, execution === '' ? undefined : execution);
        const history: History = await handle.fetchHistory();
        const json: Json = JSON.parse(historyToJSON(history));
        found.unshift(json);
        execution = continuedFrom(history);
      }
      return found;
    },
    close: () => under.close(),
  };
}

function continuedFrom(history: History): string | undefined {
  const started = history.events?.[0]?.workflowExecutionStartedEventAttributes;
  const before = started?.continuedExecutionRunId ?? '';
  return before === '' ? undefined : before;
}
