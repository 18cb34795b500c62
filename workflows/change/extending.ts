import { extendDesk, openDesk } from '../approvals/desk';
import type { ApprovalRule } from '../domain/approval-rule';
import { extensionAddendum, extensionProblems } from '../domain/window-extension';
import type { ExtensionProblem } from '../domain/window-extension';
import { freezeCheck } from '../domain/freeze';
import { accept, refuse } from './acts';
import { calendarsOf, conflictsNow } from './checks';
import { deskContext, nameOf } from './here';
import type { Here } from './here';
import type { ChangeAct, ChangeReply } from './messages';
import { approvalRequest, changeFacts, noteSchedule, shownFacts } from './preparation';

/** R-WIN-3: checks of its own on the added stretch, and one vote of the change managers, not of who asks; the approvals stand. */
export async function extend(act: Extract<ChangeAct, { action: 'extend' }>, here: Here): Promise<ChangeReply> {
  const { state, effects } = here;
  const cannot = `Cannot extend ${nameOf(here)}`;
  if (state.extension !== null) return refuse('EXTENSION_ASKED', `${cannot}: an extension is being voted on`);
  const { window, model, freeze } = state;
  if (model === null) return refuse('CHANGE_STATE', `${cannot}: it was not submitted`);
  const added = { startMs: window.endMs, endMs: Math.max(act.endMs, window.endMs) };
  const calendars = freezeCheck({ type: model.type, calendars: await calendarsOf(here), passed: freeze.passed }, added);
  const found = await conflictsNow({ when: 'extension', addedUntilMs: added.endMs }, here);
  const problems = extensionProblems(
    { window, newEndMs: act.endMs },
    { calendars, conflicts: found.verdict },
    effects.now(),
  );
  if (problems.length > 0)
    return refuse(
      'EXTENSION_REFUSED',
      `${cannot}: ${problems.map((each) => problemText[each]).join('; ')}`,
      found.lines,
    );
  const opened = await openDesk(
    {
      request: {
        ...approvalRequest(oneChangeManager(model.changeManagers), here),
        id: `${act.id}/extension`,
        emergency: false,
        // Histories of before have votes of whoever asked, which counted.
        ...(effects.version('extension-asker') ? { askers: [act.actor] } : {}),
      },
      path: 'extension',
      title: `Extend ${nameOf(here)} until ${new Date(act.endMs).toISOString()}`,
      show: {
        ...shownFacts(here),
        extension: { until: new Date(act.endMs).toISOString(), reason: act.reason, conflicts: [...found.lines] },
      },
      facts: changeFacts(here),
      respondBy: window.endMs,
      onDue: null,
    },
    deskContext(here),
  );
  if (!opened.opened) return refuse(opened.code, opened.reason);
  state.extension = { act: act.id, by: act.actor, endMs: act.endMs, desk: opened.desk };
  if (state.run !== null) state.run.extensionAsked = true;
  state.news += 1;
  return accept(here, found.lines);
}

const problemText: { readonly [P in ExtensionProblem]: string } = {
  'not-later': 'the window lasts as long already',
  'window-over': 'the window is over',
  'calendar-closed': 'a calendar is closed in the added time',
  'calendar-unresolved': 'the calendars are not known for the added time',
  conflict: 'another change has its items in the added time',
};

function oneChangeManager(candidates: readonly string[]): ApprovalRule {
  return {
    levels: [
      {
        id: 'change-manager',
        slots: [{ id: 'extension', candidates, quorum: { mode: 'any' } }],
        rejectOn: 1,
        countsApart: true,
      },
    ],
    validForMs: null,
    leadMs: 0,
    silenceMeansConsent: false,
    excludeRequester: true,
  };
}

/** Whether the vote has ended; granted, the window and the approvals last longer from now on. */
export function settleExtension(here: Here): 'none' | 'open' | 'granted' | 'refused' {
  const { state } = here;
  const { extension } = state;
  if (extension === null) return 'none';
  const { name } = extension.desk.approval.phase;
  if (name === 'pending') return 'open';
  state.extension = null;
  if (name !== 'approved') return 'refused';
  const addendum = extensionAddendum(state.window, extension.endMs);
  state.window = addendum.window;
  const end = new Date(extension.endMs).toISOString();
  state.draft = { ...state.draft, window: { ...state.draft.window, end } };
  if (state.approval !== null) extendDesk(state.approval, addendum.approvalsValidUntilMs, deskContext(here));
  noteSchedule(`extended as ${extension.by} asked`, here);
  return 'granted';
}
