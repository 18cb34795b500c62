import { note } from './here';
import type { Here } from './here';

/** Where an operation stands, for whoever looks on. */
export function enter(here: Here, stage: string, reason = ''): void {
  note(here, 'backup.state', { state: stage, reason });
}
