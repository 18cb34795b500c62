import { z } from 'zod';

import type { NoticeRow } from '../platform/store/outbox';
import type { RunOutcome } from '../workflows/domain/step-status';
import type { NoticeSubject } from './notice-subject';

/** The default wordings: one place for them all. */

const longestTitle = 120;

/** One line, by which readers find the message again. Of a task it is the same at each message, and what a signed answer covers. */
export function subjectLine({ what }: NoticeRow, subject: NoticeSubject): string {
  const title = titleOf(subject).replaceAll(/\s+/g, ' ').slice(0, longestTitle);
  switch (what) {
    case 'task.opened':
    case 'task.reminded':
    case 'task.refused':
      return `Approve? ${title} [${nameOf(subject)}]`;
    case 'task.delegated':
      return `Yours now: ${title} [${nameOf(subject)}]`;
    case 'task.urgent':
      return `Decide now: ${title} [${nameOf(subject)}]`;
    case 'run.failed':
      return `Failed: ${title}`;
    case 'run.recovered':
      return `Succeeded again: ${title}`;
    case 'change.scheduled':
      return `Scheduled: ${title}`;
    case 'change.started':
      return `Started: ${title}`;
    case 'change.extended':
      return `Extended: ${title}`;
    case 'change.ended':
      return `Ended: ${title}`;
    case 'change.backed-out':
      return `Backed out: ${title}`;
    case 'change.back-out-failed':
      return `Back-out failed: ${title}`;
    case 'drill.failed':
      return `Drill failed: ${title}`;
    case 'backup.at-risk':
      return `At risk: ${title}`;
    case 'lock.orphaned':
      return `Locks left behind: ${title}`;
  }
}

/** Why this message comes. */
export function whatHappened({ what }: NoticeRow, subject: NoticeSubject): readonly string[] {
  switch (what) {
    case 'task.opened':
      return ['your approval is asked for.'];
    case 'task.reminded':
      return ['a reminder: your approval is still asked for.'];
    case 'task.refused':
      return ['an answer in your name was not counted.'];
    case 'task.delegated':
      return ['what was asked of somebody else was handed to you.'];
    case 'task.urgent':
      return ['your decision is asked for, and it cannot wait.'];
    case 'run.failed':
      return [`a run ${subject.kind === 'run' ? outcomeWords[subject.run.outcome ?? 'failed'] : 'has failed'}.`];
    case 'run.recovered':
      return ['what failed before has succeeded.'];
    case 'change.scheduled':
      return ['a change has its time.'];
    case 'change.started':
      return ['a change has begun.'];
    case 'change.extended':
      return ['a change lasts longer than was announced.'];
    case 'change.ended':
      return [`a change is over: ${reasonIn(subject)}.`];
    case 'change.backed-out':
      return [`a change was taken back: ${reasonIn(subject)}.`];
    case 'change.back-out-failed':
      return [`a change could not be taken back: ${reasonIn(subject)}.`];
    case 'drill.failed':
      return ['a restore drill has failed: this backup cannot be relied on.'];
    case 'backup.at-risk':
      return ['backups are not what they should be.'];
    case 'lock.orphaned':
      return ['locks were left behind, and are in the way of others until somebody frees them.'];
  }
}

/** After "a run"; one that failed may have been resumed since. */
const outcomeWords: { readonly [O in RunOutcome]: string } = {
  succeeded: 'has failed, and was resumed',
  failed: 'has failed',
  cancelled: 'has failed, and was cancelled',
  undone: 'has failed, and what it had changed was undone',
  'undo-failed': 'has failed, and what it had changed could not be undone',
  checked: 'has failed',
};

const Reason = z.object({ reason: z.string() });

function reasonIn({ cause }: NoticeSubject): string {
  const told = cause?.payload == null ? undefined : Reason.safeParse(JSON.parse(cause.payload)).data?.reason;
  return told ?? 'see there';
}

export function titleOf(subject: NoticeSubject): string {
  switch (subject.kind) {
    case 'task':
      return subject.task.title;
    case 'run':
      return `${subject.run.definition.title} (run ${subject.run.number})`;
    case 'change':
      return `${subject.change.title} (CHG-${subject.change.number})`;
    case 'plan':
      return `Backup plan "${subject.plan.name}" of ${subject.plan.service}`;
    case 'operation':
      return `Backup plan "${subject.operation.plan}" of ${subject.operation.service}`;
    case 'lock':
      return nameOf(subject);
  }
}

/** As commands take it. */
function nameOf(subject: NoticeSubject): string {
  switch (subject.kind) {
    case 'task':
      return subject.task.id;
    case 'run':
      return `run ${subject.run.number}`;
    case 'change':
      return `CHG-${subject.change.number}`;
    case 'plan':
      return subject.plan.name;
    case 'operation':
      return subject.operation.id;
    case 'lock': {
      const { run, change, backup } = subject.holder;
      if (change !== null) return `CHG-${change.number}`;
      if (backup !== null) return `${backup.operation.kind} of ${backup.operation.plan}`;
      return run === null ? 'a run' : `run ${run.number}`;
    }
  }
}

/** Its page in the console. */
export function pathOf(subject: NoticeSubject): string {
  switch (subject.kind) {
    case 'task':
      return `/tasks/${encodeURIComponent(subject.task.id)}`;
    case 'run':
      return `/runs/${subject.run.number}`;
    case 'change':
      return `/changes/CHG-${subject.change.number}`;
    case 'plan':
      return `/backups/${encodeURIComponent(subject.plan.name)}`;
    case 'operation':
      return `/backup-operations/${encodeURIComponent(subject.operation.id)}`;
    case 'lock':
      return '/locks';
  }
}
