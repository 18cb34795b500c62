import { formatDuration, parseDuration } from './duration';
import { admissionProblems } from './window';

import type { AdmissionProblem, ChangeWindow, PlannedWork } from './window';

/** As it is written in a draft; whoever takes a draft in has seen to it that all three can be read. */
export function windowOfDraft(window: {
  readonly start: string;
  readonly end: string;
  readonly cutoff?: string;
}): ChangeWindow {
  const cutoff = window.cutoff === undefined ? null : parseDuration(window.cutoff);
  return {
    startMs: Date.parse(window.start),
    endMs: Date.parse(window.end),
    cutoffMs: cutoff?.kind === 'ms' ? cutoff.ms : 0,
  };
}

export interface WindowProblem {
  readonly code: string;
  readonly message: string;
}

export interface HeldAgainstWindow {
  readonly model: { readonly name: string; readonly leadTimeMs: number };
  readonly work: PlannedWork;
}

/** What keeps a change from ever being carried out where it is planned (R-WIN-1, R-WIN-2, lead time). Empty: nothing. */
export function changeWindowProblems(
  window: ChangeWindow,
  { model, work }: HeldAgainstWindow,
  nowMs: number,
): readonly WindowProblem[] {
  if (window.endMs <= window.startMs)
    return [problem('WINDOW_EMPTY', 'Cannot plan the change: its window ends before it starts')];
  if (window.endMs <= nowMs) return [problem('WINDOW_OVER', 'Cannot plan the change: its window is over')];
  const missingMs = nowMs + model.leadTimeMs - window.startMs;
  // Without a lead time a change may be submitted in its window: what is left of it decides.
  const wanted = `model "${model.name}" wants ${formatDuration(model.leadTimeMs)} between submission and start`;
  const early =
    model.leadTimeMs === 0 || missingMs <= 0
      ? []
      : [problem('LEAD_TIME_SHORT', `Cannot plan the change: ${wanted}, ${formatDuration(missingMs)} are missing`)];
  const startMs = Math.max(window.startMs, nowMs);
  return [...early, ...admissionProblems(window, startMs, work).map((found) => admissionText(found, work))];
}

function admissionText(found: AdmissionProblem, work: PlannedWork): WindowProblem {
  switch (found.kind) {
    case 'starts-outside-window':
      return problem('WINDOW_OVER', 'Cannot plan the change: it would start outside of its window');
    case 'back-out-does-not-fit':
      return problem(
        'WINDOW_TOO_SHORT',
        `Cannot plan the change: work (${formatDuration(work.p95Ms)}), back-out (${formatDuration(work.backOutP95Ms)}) and its safety need ${formatDuration(found.missingMs)} more than the window has`,
      );
    case 'last-task-after-cutoff':
      return problem(
        'WINDOW_TOO_SHORT',
        `Cannot plan the change: its last task would start ${formatDuration(found.missingMs)} after the cutoff of the window`,
      );
  }
}

function problem(code: string, message: string): WindowProblem {
  return { code, message };
}
