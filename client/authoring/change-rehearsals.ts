import { changePlanOf } from '../../activities/plans/change-plan';
import { judgeByModel } from '../../activities/plans/change-model';
import { refuse } from '../../activities/plans/inventory';
import type { Refused } from '../../activities/plans/inventory';
import type { LoadedRehearsal } from '../../definitions/document';
import { resolveReference } from '../../definitions/library';
import type { Tiers } from '../../definitions/library';
import { hashPlan } from '../../definitions/plan-hash';
import { estimatePlan } from '../../definitions/plan-view/estimate';
import type { ResolvedCalendar } from '../../workflows/domain/calendar';
import { predictWork } from '../../workflows/domain/work-prediction';
import type { PlannedForChange } from '../../workflows/change/messages';
import { windowOf } from '../../workflows/change/initial-state';
import type { ChangeHappening, ChangeRehearsalRequest } from '../../workflows/rehearsal/change';
import type { ExpectedChange, ChangeHappening as Scripted } from '../../workflows/rehearsal/schema';
import { durationMs } from '../../workflows/rehearsal/script';
import { rehearsalCalendars } from './rehearsal-calendars';
import { hostsOf, planFor } from './rehearsal-plan';

/** A rehearsal of a change that is ready to be played. */
export interface PreparedChange {
  readonly request: ChangeRehearsalRequest;
  readonly expect: ExpectedChange;
}

type Draft = NonNullable<LoadedRehearsal['spec']['change']>;

/** The change as it would be planned now, and what happens around it. */
export async function prepareChange(
  document: LoadedRehearsal,
  tiers: Tiers,
): Promise<{ readonly ok: true; readonly change: PreparedChange } | Refused> {
  const { file, spec } = document;
  const { change: draft } = spec;
  if (draft === undefined) return refuse(file, 'UNKNOWN_REFERENCE', 'Cannot rehearse the change: there is none');
  const made = await planFor(document, tiers);
  if (!made.ok) return made;
  const judged = judge(file, { draft, tiers, bundle: made.bundle });
  if (!judged.ok) return judged;
  const start = spec.start === undefined ? windowOf(draft).startMs - leadMs : Date.parse(spec.start);
  const calendars = rehearsalCalendars(tiers, start);
  const request: ChangeRehearsalRequest = {
    start,
    requester: spec.requester ?? 'user/rehearsal',
    draft,
    planned: judged.planned,
    program: made.bundle.plan.program,
    hosts: hostsOf(made.bundle),
    outcomes: spec.outcomes ?? [],
    answers: spec.answers ?? [],
    happenings: happeningsOf(spec, { start, calendars }),
    calendars,
    managers: spec.managers ?? {},
  };
  return { ok: true, change: { request, expect: spec.expectChange ?? {} } };
}

/** Without a start the rehearsal begins so long before the window. */
const leadMs = 7 * 24 * 60 * 60 * 1000;

type Bundle = Extract<Awaited<ReturnType<typeof planFor>>, { ok: true }>['bundle'];

function judge(
  file: string,
  { draft, tiers, bundle }: { readonly draft: Draft; readonly tiers: Tiers; readonly bundle: Bundle },
): { readonly ok: true; readonly planned: PlannedForChange } | Refused {
  const model = resolveReference('ChangeModel', draft.model, tiers);
  if (!model.ok) return refuse(file, model.code, model.message);
  const { model: inForce, assessment, problems } = judgeByModel(model.document, draft, tiers);
  const [first] = problems;
  if (first !== undefined) return refuse(file, 'UNKNOWN_REFERENCE', first.message);
  // No earlier runs are at hand: what nobody has stated is taken to last as long as it may.
  const estimate = estimatePlan(bundle, { historyOf: () => new Map(), assume: 'timeout' });
  const predicted = predictWork(estimate.work);
  if (predicted.kind !== 'predicted')
    return refuse(file, 'UNKNOWN_REFERENCE', `Cannot tell how long ${predicted.steps.join(', ')} take`);
  const { plan } = bundle;
  const { planDigest } = hashPlan(plan);
  const hosts = new Set(Object.values(hostsOf(bundle)).flatMap((set) => set.map(({ name }) => name))).size;
  const changePlan = changePlanOf({ plan, planDigest, generation: 1, hosts }, estimate, predicted);
  return { ok: true, planned: { model: inForce, assessment, plan: changePlan, difference: [] } };
}

interface Around {
  readonly start: number;
  readonly calendars: readonly ResolvedCalendar[];
}

/** A draft that nobody submits would wait for ever: without a word it is submitted at the start. */
function happeningsOf(
  { happenings = [], requester }: LoadedRehearsal['spec'],
  around: Around,
): readonly ChangeHappening[] {
  const by = requester ?? 'user/rehearsal';
  const isSubmitted = happenings.some(({ act }) => act === 'submit');
  const first: readonly ChangeHappening[] = isSubmitted
    ? []
    : [{ at: around.start, what: { kind: 'act', by, act: { action: 'submit' } } }];
  let { calendars } = around;
  const scripted = happenings
    .toSorted((left, right) => durationMs(left.after) - durationMs(right.after))
    .map((each): ChangeHappening => {
      calendars = withFreeze(calendars, each);
      return happeningOf(each, { by, start: around.start, calendars });
    });
  return [...first, ...scripted];
}

function happeningOf(each: Scripted, { by, start, calendars }: Around & { readonly by: string }): ChangeHappening {
  const at = start + durationMs(each.after);
  const actor = each.by ?? by;
  const { leaves, freeze, down, reschedule, extend, act } = each;
  if (leaves !== undefined) return { at, what: { kind: 'leaves', person: leaves } };
  if (freeze !== undefined) return { at, what: { kind: 'calendars', calendars } };
  if (down !== undefined) return { at, what: { kind: 'down', until: at + durationMs(down) } };
  const reason = 'rehearsed';
  if (reschedule !== undefined) {
    const [startMs, endMs] = [Date.parse(reschedule.start), Date.parse(reschedule.end)];
    return { at, what: { kind: 'act', by: actor, act: { action: 'reschedule', startMs, endMs, reason } } };
  }
  if (extend !== undefined)
    return { at, what: { kind: 'act', by: actor, act: { action: 'extend', endMs: Date.parse(extend.end), reason } } };
  switch (act ?? 'submit') {
    case 'revise':
      return { at, what: { kind: 'act', by: actor, act: { action: 'revise', reason } } };
    case 'cancel':
      return { at, what: { kind: 'act', by: actor, act: { action: 'cancel', keep: false, reason } } };
    case 'submit':
      return { at, what: { kind: 'act', by: actor, act: { action: 'submit' } } };
  }
}

function withFreeze(calendars: readonly ResolvedCalendar[], { freeze }: Scripted): readonly ResolvedCalendar[] {
  if (freeze === undefined) return calendars;
  const { calendar, title, start, end, force = 'soft' } = freeze;
  const closure = { id: `${calendar}/${title}`, title, force, startMs: Date.parse(start), endMs: Date.parse(end) };
  return calendars.map((each) =>
    each.name === calendar && each.type === 'DEFAULT_OPEN' ? { ...each, closures: [...each.closures, closure] } : each,
  );
}
