import { AsyncLocalStorage } from 'node:async_hooks';

const requestIds = new AsyncLocalStorage<string>();

/** Whatever the work leads to, however far down, knows for which request it is done. */
export function withinRequest(id: string, work: () => void): void {
  requestIds.run(id, work);
}

/** Null: nobody has asked for it; we do it by ourselves. */
export function currentRequestId(): string | null {
  return requestIds.getStore() ?? null;
}
