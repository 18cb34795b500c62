import { parseDocument } from 'yaml';

import type { TreeStep } from '../run/step-tree';

/**
 * The steps of a runbook as it is written, without a plan: it needs no inputs and no hosts, and what is half written is drawn as far
 * as it goes.
 */
export function runbookTree(text: string): readonly TreeStep[] {
  const parsed = parseDocument(text, { logLevel: 'silent' });
  if (parsed.errors.length > 0) return [];
  const spec = field(parsed.toJS(), 'spec');
  return [
    ...stepsIn(field(spec, 'steps'), { parent: '', isFinal: false, isRescue: false }),
    ...stepsIn(field(spec, 'finally'), { parent: 'finally', isFinal: true, isRescue: false }),
  ];
}

/** What holds other steps comes first: `steps` alone is a group. */
const verbs = [
  'rollout',
  'forEach',
  'parallel',
  'switch',
  'approval',
  'manual',
  'wait',
  'assert',
  'set',
  'runbook',
  'exec',
  'run',
  'uses',
  'steps',
] as const;

interface Around {
  readonly parent: string;
  readonly isFinal: boolean;
  readonly isRescue: boolean;
}

function stepsIn(value: unknown, around: Around): readonly TreeStep[] {
  return listOf(value).map((step, index) => stepOf(step, index, around));
}

function stepOf(step: unknown, index: number, { parent, isFinal, isRescue }: Around): TreeStep {
  const verb = verbs.find((known) => field(step, known) !== undefined) ?? '?';
  const id = textOf(field(step, 'id')) ?? `${verb}-${index + 1}`;
  const path = parent === '' ? id : `${parent}/${id}`;
  const inner = (value: unknown, label = ''): readonly TreeStep[] =>
    stepsIn(value, { parent: label === '' ? path : `${path}/${label}`, isFinal, isRescue: label === 'rescue' });
  const cases = Object.entries(recordOf(field(step, 'cases')));
  const branches = [
    ...inner(verb === 'parallel' ? field(step, 'parallel') : []),
    ...cases.flatMap(([name, steps]) => inner(steps, name)),
    ...inner(field(step, 'default'), 'otherwise'),
  ];
  return {
    path,
    id,
    title: textOf(field(step, 'name')) ?? id,
    verb,
    words: wordsOf(step, verb),
    ran: null,
    order: branches.length > 0 ? 'parallel' : 'sequence',
    isFinal,
    isRescue,
    steps: [...branches, ...inner(field(step, 'steps')), ...inner(field(step, 'rescue'), 'rescue')],
  };
}

/** What says the most of each kind of step, on one line. */
const telling = ['title', 'policy', 'targets', 'for', 'until', 'in', 'name'] as const;

function wordsOf(step: unknown, verb: string): string {
  const value = field(step, verb);
  if (typeof value === 'string') return value.trim().split('\n')[0] ?? '';
  if (verb === 'exec') return listOf(value).map(String).join(' ');
  if (Array.isArray(value)) return verb === 'parallel' ? `${value.length} side by side` : '';
  const told = telling.map((name) => textOf(field(value, name))).find((text) => text !== null);
  return told ?? Object.keys(recordOf(value)).join(', ');
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function recordOf(value: unknown): object {
  return typeof value === 'object' && value !== null ? value : {};
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Object.getOwnPropertyDescriptor(value, name)?.value : undefined;
}
