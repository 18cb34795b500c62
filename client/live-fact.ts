import { z } from 'zod';

import type { FeedEntry } from '../platform/store/feed';
import { isKeeperId, isOperationId } from '../workflows/domain/backup-ids';
import { isChangeId } from '../workflows/domain/change-ids';

/** What an entry is about, in the words of a list. */
export interface Fact {
  readonly kind: string;
  readonly subject: SubjectReference;
  /** Path of a step, id of a task, name of a lock: what it is about within its process. */
  readonly about: string | null;
  /** Where that stands now. */
  readonly state: string | null;
}

export interface SubjectReference {
  readonly kind: 'run' | 'change' | 'backup' | 'definition' | 'lock' | 'system';
  /** Of the process; of a definition `Runbook/shop`; of a lock the run that holds it or asks for it. */
  readonly id: string;
}

/** Only what is told of a payload; the journal's own types say what else is in it. */
const Told = z.object({
  path: z.string().optional(),
  taskId: z.string().optional(),
  id: z.string().optional(),
  runId: z.string().optional(),
  names: z.array(z.string()).optional(),
  kind: z.string().optional(),
  name: z.string().optional(),
  state: z.string().optional(),
  status: z.string().optional(),
  outcome: z.string().optional(),
  choice: z.string().optional(),
  to: z.string().optional(),
  verdict: z.string().optional(),
});
type Told = z.infer<typeof Told>;

const nothing: Told = {};

export function factOf({ stream, kind, key, payload }: FeedEntry): Fact {
  const told = payload === null ? nothing : (Told.safeParse(JSON.parse(payload)).data ?? nothing);
  return { kind, subject: subjectOf(stream, kind, told), about: aboutOf(kind, key, told), state: stateOf(told) };
}

function subjectOf(stream: string, kind: string, told: Told): SubjectReference {
  if (stream === 'locks') return { kind: 'lock', id: told.runId ?? '' };
  if (kind === 'definition.published') return { kind: 'definition', id: `${told.kind ?? ''}/${told.name ?? ''}` };
  if (!stream.startsWith('run/')) return { kind: 'system', id: stream };
  const id = stream.slice('run/'.length);
  if (isChangeId(id)) return { kind: 'change', id };
  return { kind: isKeeperId(id) || isOperationId(id) ? 'backup' : 'run', id };
}

function aboutOf(kind: string, key: string, told: Told): string | null {
  if (kind === 'task.opened') return told.id ?? null;
  // Results of hosts come without their payload; their key begins with the path.
  if (kind === 'host.ended') return key.split('@')[0] ?? null;
  return told.taskId ?? told.names?.join(', ') ?? told.path ?? null;
}

function stateOf(told: Told): string | null {
  return told.outcome ?? told.state ?? told.status ?? told.choice ?? told.to ?? told.verdict ?? null;
}
