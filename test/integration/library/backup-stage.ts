import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { RunView } from '../../../client/engine';
import { startFleet } from '../../support/fleet/fleet';
import type { Json, JsonObject } from '../../../workflows/domain/json';
import { isList, isObject } from '../../../workflows/domain/json-values';
import { openLibrary } from './library-stage';

/** One host with the roles of the providers of backups: inputs in, outputs out. */
export interface BackupStage {
  /** A folder of its own, for sources, repositories and places. */
  readonly directory: string;
  readonly address: string;
  /** Outputs of a role that was carried out; a run that failed is an error with its reason. */
  role(runbook: string, inputs: JsonObject): Promise<JsonObject>;
  /** Takes back what a role has changed, after it was carried out. */
  undone(runbook: string, inputs: JsonObject): Promise<void>;
  /** Opens the place of a label, and answers what the roles are told of it. */
  place(label: string, isolate?: boolean): Promise<Place>;
  /** What is left after it was closed. */
  closed(label: string): Promise<JsonObject>;
  close(): Promise<void>;
}

export interface Place extends JsonObject {
  readonly directory: string;
  readonly network: string;
  readonly label: string;
}

export async function openBackups(): Promise<BackupStage> {
  if (process.getuid?.() !== 0)
    throw new Error('Cannot open places: their networks are made by root, run the tests as root');
  const directory = await mkdtemp(join(tmpdir(), 'mainstay-backup-'));
  const fleet = await startFleet({ hosts: 1, names: ['db1'] });
  const library = await openLibrary({ fleet, groups: { db1: ['backups'] }, user: 'root', grants: ['file:'] });

  async function carriedOut(runbook: string, inputs: JsonObject): Promise<RunView> {
    const run = await library.run(`backup/${runbook}`, { host: 'db1', ...inputs });
    if (run.outcome === 'succeeded') return run;
    throw new Error(`${runbook}: ${run.error?.message ?? String(run.outcome)}\n${await said(run.id)}`);
  }

  async function said(runId: string): Promise<string> {
    const chunks = await library.under.store.outputs.tail(runId, 0, 20);
    return chunks.map(({ bytes }) => Buffer.from(bytes).toString('utf8')).join('');
  }

  return {
    directory,
    address: fleet.hosts[0]?.address ?? '',
    role: async (runbook, inputs) => (await carriedOut(runbook, inputs)).outputs,
    async undone(runbook, inputs) {
      const { id } = await carriedOut(runbook, inputs);
      await library.engine.resume(id, { actor: 'user/carl', undo: true });
      const { outcome, error } = await library.until(
        id,
        (run) => run.state === 'closed' && run.outcome !== 'succeeded',
      );
      if (outcome !== 'undone') throw new Error(`${runbook}: ${String(outcome)} ${error?.message ?? ''}`);
    },
    async place(label, isolate = false) {
      const { outputs: opened } = await carriedOut('place/open', {
        label,
        parent: join(directory, 'places'),
        isolate,
        identity: {},
      });
      if (opened['opened'] !== true) throw new Error(textAt(opened, 'reason'));
      return { directory: textAt(opened, 'directory'), network: textAt(opened, 'network'), label };
    },
    closed: async (label) => (await carriedOut('place/close', { label, parent: join(directory, 'places') })).outputs,
    async close() {
      await library.close();
      await fleet.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

export function textAt(outputs: JsonObject, name: string): string {
  const value = outputs[name];
  if (typeof value !== 'string') throw new Error(`Cannot read "${name}": found ${JSON.stringify(value)}`);
  return value;
}

/** A list of maps among the outputs. */
export function listAt(outputs: JsonObject, name: string): readonly JsonObject[] {
  const value: Json | undefined = outputs[name];
  if (value === undefined || !isList(value)) throw new Error(`Cannot read "${name}": found ${JSON.stringify(value)}`);
  return value.filter(isObject);
}

/** Names of the results that are not well. */
export function failedAssertions(outputs: JsonObject): readonly string[] {
  return listAt(outputs, 'results').flatMap((result) => (result['ok'] === true ? [] : [textAt(result, 'name')]));
}

export function objectAt(outputs: JsonObject, name: string): JsonObject {
  const value = outputs[name];
  if (value === undefined || !isObject(value)) throw new Error(`Cannot read "${name}": found ${JSON.stringify(value)}`);
  return value;
}
