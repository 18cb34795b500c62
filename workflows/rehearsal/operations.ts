import type { Effects } from '../effects';

/** Runs and changes have no backup operations. */
export const noOperations: Pick<Effects, 'launch' | 'announce' | 'callOff'> = {
  launch: notHere,
  announce: notHere,
  callOff: notHere,
};

function notHere(): never {
  throw new Error('Cannot rehearse a backup operation: it belongs to no run');
}
