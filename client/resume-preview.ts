import type { HostRow } from '../workflows/domain/journal';
import type { StepStatus } from '../workflows/domain/step-status';
import type { RunRow, StepRow } from '../platform/store/store';
import type { ResumePreview } from './api/run-schema';

/** A step of the program, as far as a preview needs it. */
export interface ProgramStep {
  readonly id: string;
  readonly verb: string;
}

export interface PreviewSources {
  readonly run: RunRow;
  readonly program: { readonly steps: readonly ProgramStep[]; readonly finally: readonly ProgramStep[] };
  readonly steps: readonly StepRow[];
  readonly hosts: readonly HostRow[];
}

export interface PreviewRequest {
  readonly from?: string;
  readonly hosts?: readonly string[];
}

type Previewed = ResumePreview['runs'][number];

/** What a resume would do as things stand: which steps stand, which run again, on which hosts it goes on. */
export function previewResume(sources: PreviewSources, request: PreviewRequest): ResumePreview {
  const { program } = sources;
  const shown = program.steps.map((step) => previewed(step, '', sources.steps));
  const index = startOf(shown, request.from);
  const none = { keeps: shown, runs: [], finally: [], hosts: [] };
  const why = refusalOf(sources.run, request);
  if (why !== null) return { refusal: why, ...none };
  if (index === -1) return { refusal: noSuchStep(request.from ?? ''), ...none };
  const first = shown[index];
  return {
    refusal: null,
    keeps: shown.slice(0, index),
    runs: shown.slice(index),
    finally: program.finally.map((step) => previewed(step, 'finally/', sources.steps)),
    hosts: first === undefined ? [] : hostsOf(first.path, sources.hosts, request.hosts),
  };
}

function previewed({ id, verb }: ProgramStep, prefix: string, rows: readonly StepRow[]): Previewed {
  const path = `${prefix}${id}`;
  const row = rows.find((step) => step.path === path && step.phase === 'do');
  return { path, id, verb, status: row?.status ?? 'pending' };
}

/** The first that is not through, or the one that the name leads into. -1: there is no such step. */
function startOf(steps: readonly Previewed[], from: string | undefined): number {
  if (from !== undefined) return steps.findIndex(({ id }) => id === from.split('/')[0]);
  const open = steps.findIndex(({ status }) => !isThrough(status));
  return open === -1 ? steps.length : open;
}

function isThrough(status: StepStatus): boolean {
  return status === 'succeeded' || status === 'skipped';
}

/** As the engine would refuse it; what only the state of the run can tell comes when it is asked for. */
function refusalOf(run: RunRow, { from }: PreviewRequest): ResumePreview['refusal'] {
  if (run.state === 'paused') return null;
  if (run.state !== 'closed') return { code: 'RUN_OPEN', message: `Cannot resume run ${run.number}: it has not ended` };
  const nothing = (state: string) => ({
    code: 'NOTHING_TO_RESUME',
    message: `Cannot resume run ${run.number}: ${state}`,
  });
  if (run.parent !== null) return nothing(`it is part of run "${run.parent}", resume that one`);
  if (run.stateDigest === null) return nothing('it stored no state');
  const isDone = run.outcome === 'succeeded' || run.outcome === 'checked';
  return isDone && from === undefined ? nothing(`it ended with outcome "${run.outcome}"`) : null;
}

function noSuchStep(from: string): ResumePreview['refusal'] {
  return { code: 'RESUME_REFUSED', message: `Cannot resume from "${from}": the runbook has no such step` };
}

function hostsOf(path: string, rows: readonly HostRow[], named: readonly string[] | undefined): string[] {
  const own = rows.filter(({ step, host }) => host !== '' && (step === path || step.startsWith(`${path}/`)));
  const open = new Set(own.filter(({ status }) => !isThrough(status)).map(({ host }) => host));
  return [...open].filter((host) => named === undefined || named.includes(host)).sort();
}
