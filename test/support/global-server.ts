import type { SupervisedChild } from '../../platform/supervision';

export interface GlobalServer {
  readonly server: SupervisedChild;
  readonly folder: string;
}

/** Setup and teardown are two modules of one process; jest loads each in a registry of its own, so they meet on the process. */
const place = Symbol.for('mainstay.test.server');

export function setTestServer(value: GlobalServer): void {
  Reflect.set(process, place, value);
}

export function takeTestServer(): GlobalServer | null {
  const value: unknown = Reflect.get(process, place);
  return isGlobalServer(value) ? value : null;
}

function isGlobalServer(value: unknown): value is GlobalServer {
  return typeof value === 'object' && value !== null && 'server' in value && 'folder' in value;
}
