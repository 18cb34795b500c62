import { z } from 'zod';

import type { BackupOperationRow } from '../../../../platform/store/backup-row';
import { elapsedText } from '../../../../workflows/domain/elapsed-text';
import type { BackupOperationView } from '../../../backup-operation-view';
import { styled } from '../../terminal';
import type { Style, Terminal } from '../../terminal';
import { durationText, instantText } from '../../wording';
import { factLine, listLines } from './fact-text';
import { setLines } from './set-text';

/** An operation as text: how it ended, its steps, what was asserted, what was measured, its evidence, what happened. */
export function operationText(view: BackupOperationView, terminal: Terminal): readonly string[] {
  const { kind, id, plan, service, requester, openedAt, endedAt, reason } = view;
  const length = endedAt === null ? '' : `, took ${durationText(endedAt - openedAt)}`;
  return [
    `${kind} ${id} of ${plan} (service ${service}): ${styled(terminal, styleOf(view), standingOf(view))}`,
    ...(reason === '' ? [] : [`  ${reason}`]),
    `  began ${instantText(openedAt)}, asked for by ${requester}${length}`,
    ...(view.set === null || kind === 'backup' ? [] : [`  set ${view.set}`]),
    ...measuredLines(view),
    ...(view.made === null ? [] : ['', 'Set', ...setLines(view.made)]),
    ...listLines(
      'Steps',
      view.steps.map(({ what, startedAt, endedAt: end }) => `${what}: ${durationText(end - startedAt)}`),
    ),
    ...view.assertions.flatMap(({ mutation, results }) =>
      listLines(
        mutation === '' ? 'Assertions' : `Assertions on a copy with ${mutation}`,
        resultLines(results, terminal),
      ),
    ),
    ...listLines('Evidence', evidenceLines(view.evidence)),
    ...listLines(
      'Runs',
      view.runs.map(({ number, runbook, outcome, state }) => `${number} ${runbook}: ${outcome ?? state}`),
    ),
    ...listLines('Timeline', view.timeline.map(factLine)),
  ];
}

/** `FAIL at assert:rows`, `succeeded`, `verifying` */
export function standingOf({ verdict, outcome, state }: BackupOperationRow): string {
  if (verdict !== null && outcome !== null)
    return `${verdict.verdict}${verdict.at === '' || verdict.verdict === 'PASS' ? '' : ` at ${verdict.at}`}`;
  return outcome ?? (state === '' ? 'under way' : state);
}

export function styleOf({ outcome, verdict }: BackupOperationRow): Style {
  if (outcome === null) return 'blue';
  if (verdict?.verdict === 'PASS' || outcome === 'succeeded') return 'green';
  return outcome === 'failed' || outcome === 'FAIL' || outcome === 'INVALID' ? 'red' : 'yellow';
}

function measuredLines({ measured }: BackupOperationRow): readonly string[] {
  if (measured === null) return [];
  const { rtoMs, rpoMs, reported } = measured;
  return [`  RTO ${msText(rtoMs)}, RPO ${msText(rpoMs)}${reported === '' ? '' : ` (${reported})`}`];
}

export function msText(ms: number | null): string {
  return ms === null ? 'unknown' : elapsedText(ms);
}

const Results = z.array(
  z.object({ name: z.string(), level: z.string(), ok: z.boolean(), detail: z.string().default('') }),
);

function resultLines(results: unknown, terminal: Terminal): readonly string[] {
  const parsed = Results.safeParse(results);
  if (!parsed.success) return ['(cannot be read; see --json)'];
  return parsed.data.map(({ name, level, ok, detail }) => {
    const verdict = styled(terminal, ok ? 'green' : 'red', ok ? 'holds' : 'does not hold');
    return `${level} ${name}: ${verdict}${detail === '' ? '' : ` (${detail})`}`;
  });
}

const Evidence = z.looseObject({
  digest: z.string().default(''),
  toolVersions: z.array(z.string()).default([]),
  operator: z.string().default(''),
  approver: z.string().default(''),
  targetFingerprint: z.string().default(''),
  seed: z.number().optional(),
  leftovers: z.array(z.string()).nullable().default(null),
  clauses: z.string().default(''),
  missing: z.array(z.string()).default([]),
  mutations: z.array(z.looseObject({ mutation: z.string(), result: z.string() })).default([]),
});

/** R-DRILL-7; the whole of it is in the JSON and in the export. */
function evidenceLines(evidence: unknown): readonly string[] {
  const parsed = Evidence.safeParse(evidence);
  if (!parsed.success) return [];
  const { digest, toolVersions, operator, approver, targetFingerprint, seed, leftovers } = parsed.data;
  const { clauses, missing, mutations } = parsed.data;
  const facts: readonly (readonly [string, string])[] = [
    ['digest', digest],
    ['tools', toolVersions.join(', ')],
    ['operator', operator],
    ['approver', approver],
    ['target', targetFingerprint],
    ['seed', seed === undefined ? '' : String(seed)],
    ['mutations', mutations.map(({ mutation, result }) => `${mutation} ${result}`).join(', ')],
    ['left over', leftovers === null ? 'nobody looked' : leftovers.length === 0 ? 'nothing' : leftovers.join(', ')],
    ['clauses', clauses],
    ['missing', missing.join(', ')],
  ];
  return facts.filter(([, text]) => text !== '').map(([name, text]) => `${name.padEnd(10)} ${text}`);
}
