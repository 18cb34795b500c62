import { defineSignal, setHandler } from '@temporalio/workflow';

import type { Effects } from '../../../workflows/effects';
import { messageNames } from '../../../workflows/runbook/messages';
import type { ChildOutcome, ChildRun, Control, RunInput, RunReport } from '../../../workflows/runbook/messages';
import { bindEffects } from '../../../workflows/temporal-effects';

export { runbookRun } from '../../../workflows/runbook/workflow';

const reportSignal = defineSignal<[RunReport]>(messageNames.report);
const childEndedSignal = defineSignal<[ChildOutcome]>(messageNames.childEnded);

export interface Steered {
  readonly outcome: ChildOutcome;
  readonly reports: readonly RunReport[];
}

/** Admits the first wave of its child, and has it backed out when it asks for the second. */
export async function steeringParent(input: RunInput, child: ChildRun): Promise<Steered> {
  const binding = bindEffects(input);
  const { effects } = binding;
  const reports: RunReport[] = [];
  setHandler(reportSignal, (report) => void reports.push(report));
  setHandler(childEndedSignal, (ended) => binding.childEnded(ended));
  const outcome = await effects.race<ChildOutcome>([
    (inner) => inner.startRun(child),
    (inner) => steer(child.childId, reports, inner),
  ]);
  return { outcome, reports };
}

async function steer(childId: string, reports: readonly RunReport[], effects: Effects): Promise<never> {
  const who = { actor: 'engine', via: 'engine' };
  for (let seen = 0; ; seen += 1) {
    await effects.waitFor(() => reports.length > seen);
    const report = reports[seen];
    if (report?.kind !== 'waveReady') continue;
    const { path, wave, id } = report;
    const control: Control =
      wave === 1 ? { action: 'admitWave', ...who, id, path, wave } : { action: 'backOut', ...who, id };
    await effects.steer(childId, control);
  }
}
