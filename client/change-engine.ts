import type { ChangePreview, PreviewRequest } from '../activities/changes/preview';
import type { ChangeFilter, ChangeRow } from '../platform/store/change-row';
import type { Store } from '../platform/store/store';
import type { Scope } from '../workflows/domain/authorization';
import type { ChangeAction } from '../workflows/change/messages';
import { ChangeDraft } from '../workflows/change/schema';
import { actOnChange } from './change-act';
import { refuseBrokenDraft } from './change-draft';
import { announce } from './change-news';
import { openChange, requireChange, unbegunStarter } from './change-open';
import { readChangeView } from './change-view';
import type { ChangeView } from './change-view';
import type { ChangeGateway } from './run-gateway';

/** What API and CLI can do with changes. Refusals are thrown as `RequestError`. */
export interface ChangeEngine {
  open(request: OpenChange): Promise<ChangeRow>;
  act(reference: string, command: ChangeCommand): Promise<Acted>;
  list(filter: ChangeFilter): Promise<readonly ChangeRow[]>;
  show(reference: string): Promise<ChangeView | null>;
  /** What submitting it would say now; of a draft that nobody has opened, too. */
  plan(what: PlanRequest): Promise<ChangePreview>;
  /** What grants go by of a change that asks for this. */
  scopeOf(draft: ChangeDraft): Promise<Scope>;
  /** Definitions of these kinds were published: open changes look again. */
  announce(kinds: readonly string[]): Promise<void>;
  /** Starts changes that were journaled but never began; answers how many there were. */
  recover(): Promise<number>;
}

export interface ChangeDependencies {
  readonly store: Store;
  readonly gateway: ChangeGateway;
  preview(request: PreviewRequest): Promise<ChangePreview>;
  /** What grants go by of a change that asks for this. */
  scopeOf(draft: ChangeDraft): Promise<Scope>;
  /** Epoch ms. */
  now(): number;
}

export interface OpenChange {
  readonly draft: ChangeDraft;
  readonly requester: string;
  readonly via: string;
  /** The same key opens one change. */
  readonly idempotencyKey?: string;
}

export type PlanRequest = { readonly reference: string } | { readonly draft: ChangeDraft; readonly requester: string };

export interface ChangeCommand {
  readonly action: ChangeAction;
  readonly actor: string;
  readonly via: string;
  /** The same one twice is one act. */
  readonly id?: string;
}

export interface Acted {
  readonly change: ChangeRow;
  readonly warnings: readonly string[];
}

export function createChangeEngine(dependencies: ChangeDependencies): ChangeEngine {
  const { store } = dependencies;
  return {
    open: (request) => openChange(dependencies, request),
    act: (reference, command) => actOnChange(dependencies, reference, command),
    list: (filter) => store.changes.list({ ...filter, limit: Math.min(filter.limit, mostListed) }),
    show: async (reference) => {
      const row = await store.changes.find(reference);
      return row === null ? null : readChangeView(store, row);
    },
    plan: (what) => planChange(dependencies, what),
    scopeOf: (draft) => dependencies.scopeOf(draft),
    announce: (kinds) => announce(dependencies, kinds),
    recover: unbegunStarter(dependencies),
  };
}

const mostListed = 1_001;

async function planChange(dependencies: ChangeDependencies, what: PlanRequest): Promise<ChangePreview> {
  const at = dependencies.now();
  if ('draft' in what) {
    refuseBrokenDraft(what.draft);
    return dependencies.preview({ ...what, changeId: null, at });
  }
  const { id, draft, requester } = await requireChange(dependencies.store, what.reference);
  return dependencies.preview({ changeId: id, draft: ChangeDraft.parse(draft), requester, at });
}
