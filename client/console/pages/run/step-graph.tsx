import { Background, Controls, Handle, Position, ReactFlow } from '@xyflow/react';
import type { Edge, Node, NodeProps } from '@xyflow/react';
import type { ReactNode } from 'react';
import { useMemo } from 'react';

import { stepStatusWord } from '../../state-words';
import { graphOf, nodeSize } from './graph-model';
import type { Graph, GraphNode } from './graph-model';
import type { TreeStep } from './step-tree';
import type { Tone } from '../../tone';

export interface StepGraphProps {
  readonly tree: readonly TreeStep[];
  readonly selected: string | null;
  /** Nothing runs: steps have no state, and say what they would do. */
  readonly isPreview?: boolean;
  readonly onSelect: (path: string) => void;
}

type StepNode = Node<{ readonly step: GraphNode; readonly face: Face }, 'step'>;

const nodeTypes = { step: StepBox };

/** The steps of a plan and how they stand; a click or Enter on one selects it. */
export function StepGraph({ tree, selected, isPreview = false, onSelect }: StepGraphProps): ReactNode {
  const graph = useMemo(() => graphOf(tree), [tree]);
  const nodes = graph.nodes.map((step) =>
    nodeOf(step, { face: isPreview ? plannedFace(step) : ranFace(step), selected }),
  );
  const edges = graph.edges.map(({ id, source, target, isActive }): Edge => ({
    id,
    source,
    target,
    animated: isActive,
    focusable: false,
  }));
  return (
    <div className="graph" style={{ height: graphHeight(graph) }}>
      <ReactFlow
        aria-label="Graph of steps"
        nodes={nodes}
        edges={edges}
        nodeTypes={nodeTypes}
        fitView
        fitViewOptions={{ minZoom: 0.55, maxZoom: 1, padding: { x: '24px', y: '24px', right: '64px' } }}
        minZoom={0.1}
        nodesDraggable={false}
        nodesConnectable={false}
        edgesFocusable={false}
        zoomOnScroll={false}
        preventScrolling={false}
        proOptions={{ hideAttribution: true }}
        onNodeClick={(_event, node) => onSelect(node.id)}
        onNodesChange={(changes) => {
          // Enter and space on a box that has the focus come as its selection.
          const chosen = changes.find((change) => change.type === 'select' && change.selected);
          if (chosen?.type === 'select') onSelect(chosen.id);
        }}
      >
        <Background gap={20} />
        <Controls showInteractive={false} position="bottom-right" />
      </ReactFlow>
    </div>
  );
}

/** What stands below the title of a step. */
interface Face {
  readonly tone: Tone;
  readonly line: string;
}

function nodeOf(
  step: GraphNode,
  { face, selected }: { readonly face: Face; readonly selected: string | null },
): StepNode {
  return {
    id: step.id,
    type: 'step',
    position: { x: step.x, y: step.y },
    data: { step, face },
    selected: step.id === selected,
    draggable: false,
    connectable: false,
    ariaLabel: `${step.title}: ${face.line}`,
    ...nodeSize,
  };
}

function plannedFace({ verb, words }: GraphNode): Face {
  return { tone: 'neutral', line: words === '' ? verb : `${verb} · ${words}` };
}

function ranFace({ status, progress, verb }: GraphNode): Face {
  const { tone, word } = stepStatusWord(status);
  return { tone, line: `${word} · ${progress ?? verb}` };
}

/** A few steps need no more room than they take; many are looked at piece by piece. */
function graphHeight({ nodes }: Graph): number {
  const bottom = Math.max(0, ...nodes.map(({ y }) => y + nodeSize.height));
  return Math.min(420, Math.max(180, bottom + 90));
}

function StepBox({ data: { step, face }, selected }: NodeProps<StepNode>): ReactNode {
  return (
    <div
      title={`${step.title}: ${face.line}`}
      className={`step-box tone-${face.tone} ${selected ? 'step-selected' : ''} ${step.isContainer ? 'step-holder' : ''}`}
    >
      <Handle type="target" position={Position.Left} isConnectable={false} />
      <strong className="step-title">{step.title}</strong>
      <span className="step-line">{face.line}</span>
      <Handle type="source" position={Position.Right} isConnectable={false} />
    </div>
  );
}
