import type { JsonObject } from '../../../workflows/domain/json';
import { start } from './bed';
import type { BedOptions, RoleScript } from './bed';

export type Roles = BedOptions['roles'];

export const minuteMs = 60_000;

export const preflightOutputs = {
  toolVersion: '0.14.0',
  serverVersion: '',
  freeBytes: 10_000_000,
  neededBytes: 1_000_000,
  clockMs: start,
  lagSeconds: -1,
  locks: [],
};

export const backupOutputs = {
  exitCode: 0,
  setId: 'tool-9',
  kind: 'full',
  parent: '',
  sizeBytes: 1_000_000,
  storedBytes: 400_000,
  startedAtMs: start + 2_000,
  endedAtMs: start + 3_000,
  digest: 'sha256:9',
  manifest: { counts: { orders: 12 } },
};

export function tells(outputs: JsonObject, takesMs = 1_000): () => RoleScript {
  return () => ({ outputs, takesMs });
}

/** A provider that does everything right, on a host whose clock is right. */
export function healthyRoles(over: Roles = {}): Roles {
  return {
    'restic/preflight': tells({ ...preflightOutputs, clockMs: start + 500 }),
    'restic/backup': tells(backupOutputs),
    'restic/verify': tells({ intact: true, readPercent: 100, problems: [] }),
    'restic/list': tells({
      sets: [
        { setId: 'tool-1', label: 'bset1', atMs: start - 86_400_000, kind: 'full', parent: '', sizeBytes: 1_000_000 },
      ],
    }),
    'restic/forget': (inputs) => ({ outputs: { forgotten: inputs['sets'] ?? [], freedBytes: 10, intact: true } }),
    'restic/unlock': tells({ broken: [] }),
    'restic/copy': tells({ setId: 'tool-9', intact: true, problems: [] }),
    'place/sweep': tells({ labels: [] }),
    freeze: tells({}),
    thaw: tells({}),
    ...over,
  };
}

export function lock(holder: string): JsonObject {
  return { id: 'lock-1', host: 'db1', pid: 77, holder, sinceMs: start - 3_600_000 };
}
