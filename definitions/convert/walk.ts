import type { Node } from 'yaml';
import type { z } from 'zod';

import type { Catalogue } from '../../activities/connector';
import type { ProblemCode } from '../problem-codes';
import { makeProblem, pathText, problemLimit } from '../problems';
import type { DocumentPath, Position, Problem, ProblemDetail } from '../problems';
import type { YamlTree } from '../yaml-tree';
import { holdsExpression, lineAt, positionAt } from '../yaml-text';

export type Schema = z.core.$ZodType;

/** Nodes of one document with its aliases followed: here the bombs go off, or rather do not. */
export const nodeLimit = 500_000;
export const depthLimit = 100;

export interface ConvertOptions {
  /** With it, `with` of a step keeps texts as the operation's input wants them. */
  readonly catalogue?: Catalogue;
}

/** One conversion under way. */
export interface Walk {
  readonly tree: YamlTree;
  readonly options: ConvertOptions;
  readonly problems: Problem[];
  readonly broken: Set<string>;
  readonly active: Set<Node>;
  nodes: number;
}

export interface Place {
  readonly schema: Schema;
  readonly path: DocumentPath;
}

export interface NodeAt {
  readonly node: Node;
  readonly path: DocumentPath;
}

/** A value that cannot be read. On a line with an unquoted expression that is what is wrong with it. */
export function refuse(
  walk: Walk,
  at: NodeAt,
  { code, state }: { readonly code: ProblemCode; readonly state: string },
): null {
  const structural: readonly ProblemCode[] = ['KEY_REFUSED', 'TAG_REFUSED', 'UNKNOWN_ALIAS'];
  const unquoted = structural.includes(code) && holdsExpression(lineAt(walk.tree.text, at.node.range?.[0] ?? 0));
  note(walk, at, {
    code: unquoted ? 'EXPRESSION_NOT_QUOTED' : code,
    message: `Cannot read ${describe(at.path)}: ${state}`,
  });
  walk.broken.add(pathText(at.path));
  return null;
}

export function exhaust(walk: Walk, node: Node | null): null {
  // Told once: everything after it is cut off.
  if (walk.nodes === nodeLimit + 1) {
    const message = `Cannot read the document: it has more than ${nodeLimit} values when its aliases are followed`;
    const position = positionAt(walk.tree.lines, node?.range?.[0] ?? 0);
    walk.problems.push(makeProblem('TOO_MANY_NODES', { file: walk.tree.file, path: [], ...position }, { message }));
    walk.broken.add('');
  }
  return null;
}

export function note(walk: Walk, at: NodeAt, of: ProblemDetail & { readonly code: ProblemCode }): void {
  if (walk.problems.length > problemLimit) return;
  const position: Position = positionAt(walk.tree.lines, at.node.range?.[0] ?? 0);
  walk.problems.push(makeProblem(of.code, { file: walk.tree.file, path: at.path, ...position }, of));
}

export function describe(path: DocumentPath): string {
  return path.length === 0 ? 'the document' : `"${pathText(path)}"`;
}
