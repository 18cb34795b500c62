import type { Store } from '../platform/store/store';

export async function exportRun(_store: Store, _runId: string, _signingKey: string | null): Promise<string> {
  throw new Error('pending');
}
