import { changePreviewer } from '../activities/changes/preview';
import { draftScoper } from '../activities/plans/plan-scope';
import type { Store } from '../platform/store/store';
import type { BackupEngine } from './backup-engine';
import { createBackupEngine } from './backup-engine';
import { backupSources } from './backup-sources';
import type { ChangeEngine } from './change-engine';
import { createChangeEngine } from './change-engine';
import type { RecoveringEngine } from './run-engine';
import { createEngine } from './run-engine';
import type { TemporalPlace } from './temporal-engine/gateway';
import { createTemporalGateway } from './temporal-engine/gateway';

export interface TemporalEngineOptions extends TemporalPlace {
  readonly store: Store;
}

/** The engine with its runs on Temporal. */
export function createTemporalEngine(options: TemporalEngineOptions): RecoveringEngine {
  return createTemporalEngines(options).engine;
}

export interface Engines {
  readonly engine: RecoveringEngine;
  readonly changes: ChangeEngine;
  readonly backups: BackupEngine;
}

/** Runs, changes and backups over one gateway, which keeps count of what each of them is sent at a time. */
export function createTemporalEngines(options: TemporalEngineOptions): Engines {
  const { store } = options;
  const gateway = createTemporalGateway(options);
  const now = (): number => Date.now();
  return {
    engine: createEngine({ store, gateway, now }),
    changes: createChangeEngine({ store, gateway, preview: changePreviewer(store), scopeOf: draftScoper(store), now }),
    backups: createBackupEngine({ store, gateway, sources: backupSources(store), now }),
  };
}
