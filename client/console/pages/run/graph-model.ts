import { graphlib, layout } from '@dagrejs/dagre';

import type { StepStatus } from '../../state-words';
import type { TreeStep } from './step-tree';

export interface GraphNode {
  readonly id: string;
  readonly title: string;
  readonly verb: string;
  /** What it does, in the words of the plan. */
  readonly words: string;
  readonly status: StepStatus;
  /** `3 of 40`, where it works on hosts. */
  readonly progress: string | null;
  /** It holds other steps. */
  readonly isContainer: boolean;
  readonly x: number;
  readonly y: number;
}

export interface GraphEdge {
  readonly id: string;
  readonly source: string;
  readonly target: string;
  /** What it leads to is under way, or waits for it. */
  readonly isActive: boolean;
}

export interface Graph {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

export const nodeSize = { width: 190, height: 58 } as const;

/** Steps as boxes from left to right: what follows what, and what goes on side by side. */
export function graphOf(tree: readonly TreeStep[]): Graph {
  const steps: TreeStep[] = [];
  const links: Link[] = [];
  const sink = { steps, links };
  connect(tree.filter(({ isFinal }) => !isFinal).concat(tree.filter(({ isFinal }) => isFinal)), [], sink);
  return placed(steps, links);
}

interface Link {
  readonly from: string;
  readonly to: TreeStep;
}

interface Sink {
  readonly steps: TreeStep[];
  readonly links: Link[];
}

/** One after another; answers what the next one follows. */
function connect(sequence: readonly TreeStep[], before: readonly string[], sink: Sink): readonly string[] {
  let tails = before;
  for (const step of sequence) {
    sink.steps.push(step);
    for (const from of tails) sink.links.push({ from, to: step });
    tails = inner(step, sink);
  }
  return tails;
}

function inner(step: TreeStep, sink: Sink): readonly string[] {
  if (step.steps.length === 0) return [step.path];
  const usual = step.steps.filter(({ isRescue }) => !isRescue);
  // Where a rescue ends well the way goes on as usual: nothing follows it that does not follow the rest.
  connect(
    step.steps.filter(({ isRescue }) => isRescue),
    [step.path],
    sink,
  );
  if (usual.length === 0) return [step.path];
  if (step.order === 'sequence') return connect(usual, [step.path], sink);
  return usual.flatMap((branch) => connect([branch], [step.path], sink));
}

function placed(steps: readonly TreeStep[], links: readonly Link[]): Graph {
  const graph = new graphlib.Graph();
  graph.setGraph({ rankdir: 'LR', nodesep: 22, ranksep: 42 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const { path } of steps) graph.setNode(path, { ...nodeSize });
  for (const { from, to } of links) graph.setEdge(from, to.path);
  layout(graph);
  return {
    nodes: steps.map((step) => {
      const { x, y } = graph.node(step.path);
      return { ...nodeOf(step), x: x - nodeSize.width / 2, y: y - nodeSize.height / 2 };
    }),
    edges: links.map(({ from, to }) => ({
      id: `${from} ${to.path}`,
      source: from,
      target: to.path,
      isActive: to.ran?.status === 'running',
    })),
  };
}

function nodeOf({ path, title, verb, words, ran, steps }: TreeStep): Omit<GraphNode, 'x' | 'y'> {
  return {
    id: path,
    title,
    verb,
    words,
    status: ran?.status ?? 'pending',
    progress: ran === null ? null : progressText(ran.counts),
    isContainer: steps.length > 0,
  };
}

function progressText(counts: NonNullable<TreeStep['ran']>['counts']): string | null {
  if (counts === null) return null;
  const { ok, failed, skipped, unknown } = counts;
  const parts = [`${ok} ok`];
  if (failed > 0) parts.push(`${failed} failed`);
  if (unknown > 0) parts.push(`${unknown} unknown`);
  if (skipped > 0) parts.push(`${skipped} skipped`);
  return parts.join(', ');
}
