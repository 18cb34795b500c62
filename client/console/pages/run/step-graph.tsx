import { Background, Controls, Handle, Position, ReactFlow } from '@xyflow/react';
import type { Edge, Node, NodeProps } from '@xyflow/react';
import type { ReactNode } from 'react';
import { useMemo } from 'react';

import { stepStatusWord } from '../../state-words';
import { graphOf, nodeSize } from './graph-model';
import type { Graph, GraphNode } from './graph-model';
import type { TreeStep } from './step-tree';

export interface StepGraphProps {
  readonly tree: readonly TreeStep[];
  readonly selected: string | null;
  readonly onSelect: (path: string) => void;
}

type StepNode = Node<{ readonly step: GraphNode }, 'step'>;

const nodeTypes = { step: StepBox };

/** The steps of a plan and how they stand; a click or Enter on one selects it. */
export function StepGraph({ tree, selected, onSelect }: StepGraphProps): ReactNode {
  const graph = useMemo(() => graphOf(tree), [tree]);
  const nodes = graph.nodes.map((step): StepNode => ({
    id: step.id,
    type: 'step',
    position: { x: step.x, y: step.y },
    data: { step },
    selected: step.id === selected,
    draggable: false,
    connectable: false,
    ariaLabel: `${step.title}: ${stepStatusWord(step.status).word}`,
    ...nodeSize,
  }));
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
        fitViewOptions={{ minZoom: 0.55, maxZoom: 1, padding: 0.05 }}
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

/** A few steps need no more room than they take; many are looked at piece by piece. */
function graphHeight({ nodes }: Graph): number {
  const bottom = Math.max(0, ...nodes.map(({ y }) => y + nodeSize.height));
  return Math.min(420, Math.max(180, bottom + 90));
}

function StepBox({ data: { step }, selected }: NodeProps<StepNode>): ReactNode {
  const { tone, word } = stepStatusWord(step.status);
  return (
    <div
      className={`step-box tone-${tone} ${selected ? 'step-selected' : ''} ${step.isContainer ? 'step-holder' : ''}`}
    >
      <Handle type="target" position={Position.Left} isConnectable={false} />
      <strong className="step-title">{step.title}</strong>
      <span className="step-line">
        {word}
        {step.progress === null ? ` · ${step.verb}` : ` · ${step.progress}`}
      </span>
      <Handle type="source" position={Position.Right} isConnectable={false} />
    </div>
  );
}
