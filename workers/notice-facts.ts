import { z } from 'zod';

import type { BackupOperationRow } from '../platform/store/backup-row';
import type { ChangeRow } from '../platform/store/change-row';
import { instantText, readTaskSummary } from '../platform/store/task-summary';
import type { Fact } from '../workflows/domain/task-summary';
import type { CourierStore } from './courier-parts';
import type { NoticeSubject } from './notice-subject';
import { alarmIn } from './notice-timeliness';
import { runFacts, runLine, shortened } from './run-facts';

/** What somebody needs to know without looking further; times are in the reader's zone and in UTC. */
export async function factsOf(
  store: CourierStore,
  subject: NoticeSubject,
  zone: string | null,
): Promise<readonly Fact[]> {
  const instant = (at: number | null): readonly string[] => (at === null ? [] : [instantText(at, zone)]);
  const facts = await allFacts(store, subject, { zone, instant });
  return facts.filter(({ lines }) => lines.length > 0);
}

type Instant = (at: number | null) => readonly string[];

async function allFacts(
  store: CourierStore,
  subject: NoticeSubject,
  { zone, instant }: { readonly zone: string | null; readonly instant: Instant },
): Promise<readonly Fact[]> {
  switch (subject.kind) {
    case 'task':
      return (await readTaskSummary(store, subject.task, zone)).facts;
    case 'run':
      return runFacts(store, subject.run, instant);
    case 'change':
      return changeFacts(subject.change, instant);
    case 'plan': {
      const { plan } = subject;
      const alarm = plan.alarms.find((each) => each.alarm === alarmIn(subject));
      return [
        { name: 'Service', lines: [plan.service] },
        { name: 'Alarm', lines: alarm === undefined ? [] : [`${alarm.alarm}: ${alarm.text}`] },
        { name: 'Since', lines: instant(alarm?.since ?? null) },
      ];
    }
    case 'operation':
      return operationFacts(subject.operation, subject.cause?.payload ?? null, instant);
    case 'lock': {
      const { holder, locks } = subject;
      return [
        { name: 'Locks', lines: shortened(locks.map(({ name }) => name)) },
        { name: 'Run', lines: holder.run === null ? [] : [runLine(holder.run)] },
        { name: 'Change', lines: holder.change === null ? [] : [`${holder.change.number}: ${holder.change.title}`] },
        { name: 'Backup plan', lines: holder.backup === null ? [] : [holder.backup.operation.plan] },
      ];
    }
  }
}

function changeFacts(change: ChangeRow, instant: Instant): readonly Fact[] {
  const { window, outcome, phase, reason, requester, assignees, flags } = change;
  return [
    { name: 'Stands at', lines: [outcome === null ? phase : `${phase}, ${outcome}`] },
    { name: 'Reason', lines: reason === '' ? [] : [reason] },
    { name: 'Begins', lines: instant(window?.startMs ?? null) },
    { name: 'Ends', lines: instant(window?.endMs ?? null) },
    { name: 'Requested by', lines: [requester] },
    { name: 'Assigned to', lines: shortened(assignees) },
    { name: 'Flags', lines: shortened(flags) },
  ];
}

const Verdict = z.object({ verdict: z.string(), at: z.string(), reason: z.string() });

function operationFacts(operation: BackupOperationRow, payload: string | null, instant: Instant): readonly Fact[] {
  const { service, set, openedAt, endedAt, requester } = operation;
  const told = payload === null ? undefined : Verdict.safeParse(JSON.parse(payload)).data;
  return [
    { name: 'Service', lines: [service] },
    { name: 'Verdict', lines: told === undefined ? [] : [`${told.verdict}, at ${told.at}`] },
    { name: 'Reason', lines: told === undefined ? [] : [told.reason] },
    { name: 'Backup', lines: set === null ? [] : [set] },
    { name: 'Started', lines: instant(openedAt) },
    { name: 'Ended', lines: instant(endedAt) },
    { name: 'Requested by', lines: [requester] },
  ];
}
