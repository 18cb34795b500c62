import type { Store } from '../../platform/store/store';
import { openApproval } from '../../workflows/domain/approval';
import type { ApprovalFacts } from '../../workflows/domain/approval-candidate';
import type { ApprovalRule, Quorum } from '../../workflows/domain/approval-rule';
import type { ApprovalRequest } from '../../workflows/domain/approval-state';
import { changeWindowProblems, windowOfDraft } from '../../workflows/domain/change-window';
import { windowTimes } from '../../workflows/domain/window';
import type { ChangeWindow, WindowTimes } from '../../workflows/domain/window';
import type {
  Assessment,
  ChangePlan,
  ChangeProblem,
  ConflictAnswer,
  ModelInForce,
} from '../../workflows/change/messages';
import type { ChangeDraft } from '../../workflows/change/schema';
import { electorate } from '../lookups/electorate';
import { PublishedCalendars } from '../plans/calendars';
import { readItemSurroundings } from '../plans/item-surroundings';
import { considerChange } from '../plans/plan-change';
import { PublishedShelf } from '../plans/published-shelf';
import { conflictsOf } from './conflicts';
import type { ConflictSources } from './conflicts';

export interface PreviewRequest {
  /** Null: nobody has opened it yet. */
  readonly changeId: string | null;
  readonly draft: ChangeDraft;
  readonly requester: string;
  readonly at: number;
}

/** What submitting a change would say now. Nothing of it is kept, and nobody is asked. */
export interface ChangePreview {
  /** Why it would be refused; empty: it would not. */
  readonly problems: readonly ChangeProblem[];
  /** Null: it could not be planned at all. */
  readonly planned: PlannedPreview | null;
}

export interface PlannedPreview {
  readonly model: Pick<ModelInForce, 'name' | 'version' | 'type'>;
  readonly assessment: Assessment;
  readonly plan: Pick<ChangePlan, 'planHash' | 'definition' | 'hosts' | 'work' | 'source'>;
  readonly items: readonly string[];
  readonly times: WindowTimes;
  readonly approvers: readonly ApproversOfSlot[];
  readonly conflicts: ConflictAnswer;
}

export interface ApproversOfSlot {
  readonly level: string;
  readonly slot: string;
  readonly candidates: readonly string[];
  readonly quorum: string;
  /** Who that is now. */
  readonly people: readonly string[];
}

/** Looks with the same functions as a submission does. */
export function changePreviewer(store: Store): (request: PreviewRequest) => Promise<ChangePreview> {
  const shelf = new PublishedShelf(store);
  const calendars = new PublishedCalendars(shelf);
  const conflicts: ConflictSources = {
    store,
    surroundings: () => readItemSurroundings(shelf),
    calendars: (asked) => calendars.resolve(asked),
  };
  return (request) => previewChange({ store, shelf, conflicts }, request);
}

interface Sources {
  readonly store: Store;
  readonly shelf: PublishedShelf;
  readonly conflicts: ConflictSources;
}

type Considered = Exclude<Awaited<ReturnType<typeof considerChange>>, { readonly problems: unknown }>;

async function previewChange(sources: Sources, request: PreviewRequest): Promise<ChangePreview> {
  const considered = await considerChange(sources, request);
  if ('problems' in considered) return { problems: considered.problems, planned: null };
  const { draft, at } = request;
  const window = windowOfDraft(draft.window);
  const { model, assessment } = considered.judged;
  const { work, source } = considered.work;
  const items = [...new Set([...considered.hosts.map((host) => `host/${host}`), ...(draft.items ?? [])])].sort();
  const conflicts = await conflictsAt(sources, request, { considered, window, items });
  const approval = await approversOf(sources.store, request, { considered, window });
  const { planHash, program } = considered.bundle.plan;
  const planned: PlannedPreview = {
    model: { name: model.name, version: model.version, type: model.type },
    assessment,
    plan: { planHash, definition: program.definition, hosts: considered.hosts.length, work, source },
    items,
    times: windowTimes(window, work.backOutP95Ms),
    approvers: approval.approvers,
    conflicts,
  };
  const blocked =
    conflicts.verdict === 'blocked'
      ? [{ code: 'CHANGE_CONFLICTS', message: 'Cannot submit the change: it meets other changes or closed calendars' }]
      : [];
  return {
    problems: [...changeWindowProblems(window, { model, work }, at), ...approval.problems, ...blocked],
    planned,
  };
}

interface Placed {
  readonly considered: Considered;
  readonly window: ChangeWindow;
}

function conflictsAt(
  { conflicts }: Sources,
  { changeId, draft, requester, at }: PreviewRequest,
  { considered, window, items }: Placed & { readonly items: readonly string[] },
): Promise<ConflictAnswer> {
  const { type, preparationMs, conflictDepth: depth, calendars } = considered.judged.model;
  const time = { startMs: window.startMs, windowEndMs: window.endMs, preparationMs };
  const who = { owner: requester, assignees: draft.assignees ?? [] };
  const asked = { changeId: changeId ?? '', at, type, ...who, ...time, depth, calendars };
  return conflictsOf(conflicts, { ...asked, part: 'whole', take: false }, items);
}

interface Approval {
  readonly approvers: readonly ApproversOfSlot[];
  /** R-APPR-5: a quorum that cannot be reached is told at once. */
  readonly problems: readonly ChangeProblem[];
}

async function approversOf(
  store: Pick<Store, 'definitions'>,
  request: PreviewRequest,
  { considered, window }: Placed,
): Promise<Approval> {
  const { rule, respondWithinMs } = considered.judged.model;
  if (rule === null) return { approvers: [], problems: [] };
  const { at } = request;
  const asked = {
    slots: rule.levels.flatMap(({ slots }) => slots),
    people: [],
    facts: factsOf(request, considered),
    at,
  };
  const found = await electorate(store, asked);
  const respondBy = Math.min(at + respondWithinMs, window.endMs);
  const opened = openApproval(approvalRequest(request, rule, { considered, window }), {
    at,
    electorate: found,
    respondBy,
  });
  const why = found.problems.length === 0 ? '' : ` (${found.problems.join('; ')})`;
  return {
    approvers: rule.levels.flatMap(({ id: level, slots }) =>
      slots.map(({ id: slot, candidates, quorum }) => {
        const people = (found.slots[slot] ?? []).filter((person) => person !== request.requester);
        return { level, slot, candidates, quorum: quorumText(quorum), people };
      }),
    ),
    problems: opened.accepted ? [] : [{ code: opened.code, message: `${opened.reason}${why}` }],
  };
}

function approvalRequest(
  { changeId, requester, draft }: PreviewRequest,
  rule: ApprovalRule,
  { considered, window }: Placed,
): ApprovalRequest {
  const { model, assessment } = considered.judged;
  return {
    id: changeId ?? draft.title,
    hash: '',
    requester,
    implementers: draft.implementers ?? [],
    authors: [],
    risk: assessment.risk,
    privileged: false,
    emergency: model.type === 'emergency',
    window: { start: window.startMs, end: window.endMs },
    rule,
  };
}

function factsOf({ requester, draft }: PreviewRequest, { judged, bundle }: Considered): ApprovalFacts {
  const { name: runbook, owner } = bundle.plan.program.definition;
  const { items = [], inputs = {}, labels = {} } = draft;
  return { type: judged.model.type, risk: judged.assessment.risk, requester, runbook, owner, items, inputs, labels };
}

function quorumText(quorum: Quorum): string {
  switch (quorum.mode) {
    case 'any':
      return 'any one';
    case 'all':
      return 'all';
    case 'n':
      return String(quorum.n);
    case 'percent':
      return `${quorum.percent} %`;
  }
}
