import type { ReactNode } from 'react';

import { useNow } from '../../clock';
import { stepStatusWord } from '../../state-words';
import { durationText } from '../../time-text';
import { timelineOf } from './timeline-model';
import type { TimelineBar, TimelineRow, Usual } from './timeline-model';
import type { TreeStep } from './step-tree';

export interface StepTimelineProps {
  readonly tree: readonly TreeStep[];
  readonly startMs: number;
  readonly usual: Usual;
  readonly selected: string | null;
  readonly onSelect: (path: string) => void;
}

/** One row for each step: hollow as it usually takes, full as it took. */
export function StepTimeline({ tree, startMs, usual, selected, onSelect }: StepTimelineProps): ReactNode {
  const nowMs = useNow();
  const { rows, lengthMs } = timelineOf(tree, { startMs, nowMs, usual });
  return (
    <ol className="timeline" aria-label="Timeline">
      {rows.map((row) => (
        <li key={row.path}>
          <button
            type="button"
            className="timeline-name"
            aria-pressed={row.path === selected}
            style={{ paddingInlineStart: `${8 + row.depth * 14}px` }}
            onClick={() => onSelect(row.path)}
          >
            {row.title}
          </button>
          <span className="timeline-track">
            {row.planned !== null && <Bar bar={row.planned} lengthMs={lengthMs} className="bar-planned" />}
            {row.actual !== null && <Bar bar={row.actual} lengthMs={lengthMs} className={actualClass(row)} />}
          </span>
          <span className="timeline-text">{rowText(row)}</span>
        </li>
      ))}
    </ol>
  );
}

interface BarProps {
  readonly bar: TimelineBar;
  readonly lengthMs: number;
  readonly className: string;
}

function Bar({ bar: { fromMs, toMs }, lengthMs, className }: BarProps): ReactNode {
  const left = (fromMs / lengthMs) * 100;
  const width = Math.max(0.4, ((toMs - fromMs) / lengthMs) * 100);
  return <span className={`bar ${className}`} style={{ left: `${left}%`, width: `${Math.min(width, 100 - left)}%` }} />;
}

function actualClass({ status }: TimelineRow): string {
  return `bar-actual tone-${status === null ? 'neutral' : stepStatusWord(status.status).tone}`;
}

function rowText({ status, planned, actual }: TimelineRow): string {
  const usual = planned === null ? '' : `usually ${durationText(planned.toMs - planned.fromMs)}`;
  if (status === null || actual === null) return usual === '' ? 'not reached' : usual;
  const took = `${stepStatusWord(status.status).word} · ${durationText(actual.toMs - actual.fromMs)}`;
  return usual === '' ? took : `${took} · ${usual}`;
}
