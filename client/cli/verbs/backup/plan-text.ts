import type { PlanInForce } from '../../../../workflows/backup/messages';
import { elapsedText } from '../../../../workflows/domain/elapsed-text';
import type { BackupPlanView } from '../../../backup-views';
import { styled } from '../../terminal';
import type { Terminal } from '../../terminal';
import { localText, utcText } from '../calendar/times';
import { factLine, listLines } from './fact-text';
import { standingOf } from './operation-text';

/** A backup plan as text: what is in force, what comes next, what is wrong, what is about to be deleted, what happened. */
export function planText(view: BackupPlanView, terminal: Terminal): readonly string[] {
  const { name, version, service, kept, paused, alarms, problems, pruning, inForce } = view;
  const zone = inForce?.zone ?? 'UTC';
  return [
    `${name} ${version} of service ${service}`,
    ...(kept === null ? [styled(terminal, 'yellow', '  its keeper has not begun')] : []),
    ...(paused === null ? [] : [styled(terminal, 'yellow', `  paused by ${paused.by}: ${paused.reason}`)]),
    ...problems.map((problem) => styled(terminal, 'red', `  ${problem}`)),
    ...(inForce === null ? [] : inForceLines(inForce)),
    ...listLines(
      'Alarms',
      alarms.map(({ alarm, text, since }) => styled(terminal, 'red', `${alarm} since ${utcText(since)}: ${text}`)),
    ),
    ...listLines(
      'Under way',
      view.open.map((row) => `${row.kind} ${row.id}: ${standingOf(row)}, asked for by ${row.requester}`),
    ),
    ...listLines(
      'Next',
      view.next.map(({ run, atMs }) => `${localText(atMs, zone)} (${utcText(atMs)})  ${run}`),
    ),
    ...listLines(
      pruning === null
        ? ''
        : `To be deleted between ${utcText(pruning.notBeforeMs)} and ${utcText(pruning.notAfterMs)}, unless something speaks for it until then`,
      pruning?.sets ?? [],
    ),
    ...listLines(
      'Asked',
      view.tasks.map(
        ({ id, title, options, candidates }) => `${title}: ${candidates.join(', ')} [${options.join(' | ')}] ${id}`,
      ),
    ),
    ...listLines('Timeline', view.timeline.map(factLine)),
  ];
}

function inForceLines(plan: PlanInForce): readonly string[] {
  const { provider, host, inventory, source, repositories, objectives, drill } = plan;
  const facts: readonly (readonly [string, string])[] = [
    ['provider', provider],
    ['source', `${source.join(' ')} on ${host}${inventory === null ? '' : ` of ${inventory}`}`],
    ['primary', repositories.primary.location],
    ['offsite', repositories.offsite?.location ?? 'none'],
    ['backups', plan.backups.map(backupText).join(', ')],
    ['keeps', plan.prunes ? `by its retention, after a grace of ${elapsedText(plan.graceMs)}` : 'everything'],
    ['verifies', `V1 of ${plan.readPercent} % of each${plan.deepVerify === null ? '' : ', and deeply on a schedule'}`],
    ['drills', drill === null ? 'none' : drillText(drill)],
    ['objective', `RPO ${orNone(objectives.rpoMs)}, RTO ${orNone(objectives.rtoMs)}`],
    ['owner', plan.owner],
  ];
  return facts.map(([name, text]) => `  ${name.padEnd(10)} ${text}`);
}

function backupText({ id, kind, scheduled, missed }: PlanInForce['backups'][number]): string {
  return `${id} (${kind}${scheduled ? `, missed: ${missed}` : ', when asked for'})`;
}

function drillText({ scheduled, select, host, mutations, maxAgeMs }: NonNullable<PlanInForce['drill']>): string {
  const what =
    select.how === 'random'
      ? `one of the last ${select.toDays} days`
      : select.how === 'latest'
        ? 'the newest'
        : select.set;
  const noticed = mutations.length === 0 ? '' : `, must notice ${mutations.join(', ')}`;
  const age = maxAgeMs === null ? '' : `, a pass at least every ${elapsedText(maxAgeMs)}`;
  return `${scheduled ? '' : 'when asked for, '}${what} on ${host}${noticed}${age}`;
}

function orNone(ms: number | null): string {
  return ms === null ? 'none' : elapsedText(ms);
}
