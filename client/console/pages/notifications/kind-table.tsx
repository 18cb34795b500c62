import type { ReactNode } from 'react';

import { allNoticeKinds, noticeKinds } from '../../../../workflows/domain/notice';
import type { NoticeKind, Urgency } from '../../../../workflows/domain/notice';
import { channelsFor } from '../../../../workflows/domain/notice-delivery';
import type { NoticePreferences } from '../../../../workflows/domain/notice-delivery';
import { Badge } from '../../kit/badge';
import { Section } from '../../kit/page';
import { Table } from '../../kit/table';
import type { Column } from '../../kit/table';
import type { Tone } from '../../tone';
import { ChannelChecks } from './channel-choice';
import { channelWords } from './channel-words';
import { wayOf, waysOf, withChannels, withWay } from './preference-model';
import type { Chosen, Way } from './preference-model';

export interface KindTableProps {
  readonly chosen: Chosen;
  readonly onChange: (preferences: NoticePreferences) => void;
}

/** Kind by kind: as everything, not at all, or by channels of its own. */
export function KindTable({ chosen, onChange }: KindTableProps): ReactNode {
  return (
    <Section title="What you are told">
      <Table
        label="Kinds of notifications"
        columns={columnsOf({ chosen, onChange })}
        rows={allNoticeKinds}
        rowKey={(kind) => kind}
        empty={null}
      />
    </Section>
  );
}

function columnsOf(props: KindTableProps): readonly Column<NoticeKind>[] {
  return [
    {
      title: 'What',
      cell: (kind) => (
        <>
          {noticeKinds[kind].words} <span className="mono muted small">{kind}</span>
        </>
      ),
    },
    { title: 'Urgency', cell: (kind) => <UrgencyBadge urgency={noticeKinds[kind].urgency} />, isMinor: true },
    { title: 'How', cell: (kind) => <HowCell {...props} kind={kind} /> },
    { title: 'As things are, by', cell: (kind) => <ByCell {...props} kind={kind} />, isMinor: true },
  ];
}

const urgencies: { readonly [U in Urgency]: { readonly word: string; readonly tone: Tone } } = {
  urgent: { word: 'At any hour', tone: 'bad' },
  normal: { word: 'Not in quiet hours', tone: 'neutral' },
  low: { word: 'Can wait', tone: 'wait' },
};

function UrgencyBadge({ urgency }: { readonly urgency: Urgency }): ReactNode {
  const { word, tone } = urgencies[urgency];
  return <Badge tone={tone}>{word}</Badge>;
}

const ways: { readonly [W in Way]: string } = {
  usual: 'As everything',
  own: 'By these',
  off: 'Not at all',
};

type CellProps = KindTableProps & { readonly kind: NoticeKind };

function HowCell({ chosen, kind, onChange }: CellProps): ReactNode {
  const { preferences } = chosen;
  const own = preferences.kinds[kind];
  return (
    <>
      <select
        aria-label={`How: ${noticeKinds[kind].words}`}
        value={wayOf(preferences, kind)}
        onChange={(event) => onChange(withWay(chosen, kind, wayNamed(event.target.value)))}
      >
        {waysOf(chosen, kind).map((way) => (
          <option key={way} value={way}>
            {ways[way]}
          </option>
        ))}
      </select>
      {own !== undefined && own !== 'off' && (
        <div role="group" aria-label={`Channels: ${noticeKinds[kind].words}`}>
          <ChannelChecks
            chosen={chosen}
            value={own}
            onChange={(channels) => onChange(withChannels(preferences, kind, channels))}
          />
          {own.length === 0 && <p className="field-problem">Choose one, or “{ways.off}”.</p>}
        </div>
      )}
    </>
  );
}

function ByCell({ chosen: { preferences, reachable }, kind }: CellProps): ReactNode {
  const told = channelsFor({ kind, preferences, reachable });
  if (told.length > 0) return told.map((channel) => channelWords[channel]).join(', ');
  return <span className="muted">nothing</span>;
}

function wayNamed(text: string): Way {
  return text === 'off' || text === 'own' ? text : 'usual';
}
