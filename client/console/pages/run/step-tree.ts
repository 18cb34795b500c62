import type { PlanDescription, StepDescription } from '../../answers';
import type { StepStatus } from '../../state-words';

/**
 * The steps of the plan with what became of each: what graph, timeline and "plan against what ran" all read. What ran
 * beyond the plan (items of a loop, steps of a child that is decided late) stands under the step that it belongs to.
 */
export interface TreeStep {
  /** As in the run: `upgrade/install`. */
  readonly path: string;
  readonly id: string;
  readonly title: string;
  readonly verb: string;
  /** What it does, in the words of the plan. */
  readonly words: string;
  /** Worst of what ran under this path; null: it was not reached. */
  readonly ran: RanStep | null;
  /** How its parts stand to each other. */
  readonly order: 'sequence' | 'parallel';
  /** Of `finally`: it runs whatever became of the rest. */
  readonly isFinal: boolean;
  /** It runs only when what it stands beside has failed. */
  readonly isRescue: boolean;
  readonly steps: readonly TreeStep[];
}

export interface RanStep {
  readonly path: string;
  readonly status: StepStatus;
  readonly attempts: number;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  readonly counts: {
    readonly ok: number;
    readonly failed: number;
    readonly skipped: number;
    readonly unknown: number;
  } | null;
}

/** A step as the API lists it. */
export interface ListedStep extends RanStep {
  readonly id: string;
  readonly verb: string;
  readonly phase: string;
  readonly position: number;
}

export function stepTree(
  plan: Pick<PlanDescription, 'steps' | 'finally'>,
  listed: readonly ListedStep[],
): readonly TreeStep[] {
  const done = listed.filter(({ phase }) => phase === 'do');
  const byName = new Map<string, ListedStep[]>();
  for (const step of done) {
    const name = nameOf(step.path);
    byName.set(name, [...(byName.get(name) ?? []), step]);
  }
  return [
    ...plan.steps.map((step) => treeStep(step, { parent: '', isFinal: false, isRescue: false, byName })),
    ...plan.finally.map((step) => treeStep(step, { parent: 'finally', isFinal: true, isRescue: false, byName })),
  ];
}

interface Around {
  readonly parent: string;
  readonly isFinal: boolean;
  readonly isRescue: boolean;
  readonly byName: ReadonlyMap<string, readonly ListedStep[]>;
}

function treeStep(step: StepDescription, around: Around): TreeStep {
  const path = around.parent === '' ? step.id : `${around.parent}/${step.id}`;
  const inner = { ...around, parent: path, isRescue: false };
  const rescue = { ...around, parent: `${path}/rescue`, isRescue: true };
  return {
    path,
    id: step.id,
    title: step.name ?? step.id,
    verb: step.verb,
    words: step.does[0] ?? '',
    ran: worst(around.byName.get(path) ?? []),
    order: step.steps.some(({ label }) => label === 'side by side' || label.startsWith('case '))
      ? 'parallel'
      : 'sequence',
    isFinal: around.isFinal,
    isRescue: around.isRescue,
    steps: step.steps.flatMap(({ label, steps }) =>
      steps.map((each) => treeStep(each, label === 'rescue' ? rescue : inner)),
    ),
  };
}

/** Without waves, items, hosts: the name that a step has in the plan. */
export function nameOf(path: string): string {
  return path
    .split('/')
    .filter((part) => !part.includes(':'))
    .join('/');
}

/** What an operator must see first. */
const severity: { readonly [K in StepStatus]: number } = {
  unknown: 7,
  failed: 6,
  running: 5,
  cancelled: 4,
  undone: 3,
  pending: 2,
  succeeded: 1,
  skipped: 0,
};

function worst(steps: readonly ListedStep[]): RanStep | null {
  const [first, ...rest] = steps.toSorted((one, other) => severity[other.status] - severity[one.status]);
  if (first === undefined) return null;
  const { path, status, attempts } = first;
  const all = [first, ...rest];
  return {
    path,
    status,
    attempts,
    startedAt: earliest(all.map(({ startedAt }) => startedAt)),
    endedAt: all.some(({ endedAt }) => endedAt === null) ? null : latest(all.map(({ endedAt }) => endedAt)),
    counts: all.length === 1 ? first.counts : null,
  };
}

function earliest(times: readonly (string | null)[]): string | null {
  return times.filter((time) => time !== null).toSorted()[0] ?? null;
}

function latest(times: readonly (string | null)[]): string | null {
  return (
    times
      .filter((time) => time !== null)
      .toSorted()
      .at(-1) ?? null
  );
}

export function flat(tree: readonly TreeStep[]): readonly TreeStep[] {
  return tree.flatMap((step) => [step, ...flat(step.steps)]);
}
