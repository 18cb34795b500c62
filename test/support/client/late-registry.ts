import type { Registry } from '../../../client/registry';

/** A registry over a store that is opened later than somebody wants to hold the registry. */
export function lateRegistry(): Registry & { set(registry: Registry): void } {
  let known: Registry | null = null;
  function found(): Registry {
    if (known === null) throw new Error('Cannot use the registry: its store is not open yet');
    return known;
  }
  return {
    set: (registry) => void (known = registry),
    apply: (...args) => found().apply(...args),
    compile: (request) => found().compile(request),
    scopeOf: (request) => found().scopeOf(request),
    changeModels: (...args) => found().changeModels(...args),
    get calendars() {
      return found().calendars;
    },
    get drafts() {
      return found().drafts;
    },
  };
}
