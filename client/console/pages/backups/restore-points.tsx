import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';

import { useNow } from '../../clock';
import { useFilters } from '../../filters';
import { Badge } from '../../kit/badge';
import type { Tone } from '../../tone';
import { EmptyState } from '../../kit/empty-state';
import { Filters } from '../../kit/filters';
import type { FilterField } from '../../kit/filters';
import { Loaded } from '../../kit/loaded';
import { Section } from '../../kit/page';
import type { Column } from '../../kit/table';
import { Table } from '../../kit/table';
import { Time, useZone } from '../../kit/time';
import { clockText, durationText, instantText } from '../../time-text';
import { useRead } from '../../use-api';
import type { RestorePoint } from './backup-types';
import { bytesText, highestLevel, levelMeaning } from './backup-words';
import { placedPoints, standingOf } from './points-model';
import type { PointStanding } from './points-model';
import { SetActions } from './set-actions';

const tones: { readonly [S in PointStanding]: Tone } = {
  proven: 'good',
  verified: 'busy',
  made: 'neutral',
  doubtful: 'bad',
};

const fields: readonly FilterField[] = [
  {
    kind: 'choice',
    name: 'pruned',
    title: 'Deleted sets',
    none: 'Left out',
    options: [{ value: 'true', title: 'Show only these' }],
  },
];

const mostShown = 200;

/** Points in time that can be gone back to, and how much was shown of each. */
export function RestorePoints({ plan }: { readonly plan: string }): ReactNode {
  const [{ pruned = 'false' }] = useFilters();
  const query = useRead('GET /backups/:plan/sets', {
    params: { plan },
    filters: { pruned },
    query: { limit: mostShown },
  });
  return (
    <>
      <Filters fields={fields} />
      <Loaded query={query}>
        {({ points }) => (
          <Section title="Points to go back to">
            {points.length > 0 && <Line points={points} />}
            <Table
              label={`Sets of ${plan}`}
              columns={columnsOf(plan)}
              rows={points}
              rowKey={({ id }) => id}
              empty={
                <EmptyState title="No set yet">
                  The first backup makes one. A set counts once its checksums were read, not when the tool says so.
                </EmptyState>
              }
            />
          </Section>
        )}
      </Loaded>
    </>
  );
}

function Line({ points }: { readonly points: readonly RestorePoint[] }): ReactNode {
  const now = useNow();
  const zone = useZone();
  const oldest = Math.min(...points.map(({ atMs }) => atMs));
  return (
    <div>
      <ul className="points-line" aria-label="Restore points from the oldest to now">
        {placedPoints(points, now).map(({ point, place, standing }) => (
          <li
            key={point.id}
            className={`tone-${tones[standing]}`}
            style={{ left: `${(place * 100).toFixed(2)}%` }}
            title={`${instantText(point.atMs, zone)}: ${standing}`}
          >
            <span className="visually-hidden">
              {instantText(point.atMs, zone)}: {standing}
            </span>
          </li>
        ))}
      </ul>
      <p className="points-ends muted small">
        <span>{clockText(oldest, now, zone)}</span>
        <span>now</span>
      </p>
    </div>
  );
}

function Shown({ point }: { readonly point: RestorePoint }): ReactNode {
  const level = highestLevel(point.levels) ?? '';
  return (
    <>
      <Badge tone={tones[standingOf(point)]}>
        {standingOf(point)} {level}
      </Badge>
      <div className="muted small">{levelMeaning(level)}</div>
    </>
  );
}

function columnsOf(plan: string): readonly Column<RestorePoint>[] {
  return [
    { title: 'As of', cell: ({ atMs }) => <Time at={atMs} /> },
    {
      title: 'Shown',
      cell: (point) => <Shown point={point} />,
    },
    { title: 'Speaks against it', cell: ({ problem }) => (problem === '' ? '–' : problem) },
    { title: 'Would lose', cell: ({ lossMs }) => durationText(lossMs), align: 'end' },
    { title: 'Size', cell: ({ sizeBytes }) => bytesText(sizeBytes), align: 'end', isMinor: true },
    {
      title: 'Set',
      cell: ({ id, kind, holds, offsite }) => (
        <>
          <Link to="/backup-operations/$operation" params={{ operation: id }}>
            {kind}
          </Link>{' '}
          {holds.map(({ name }) => (
            <Badge key={name} tone="wait">
              held: {name}
            </Badge>
          ))}
          {offsite && <span className="muted"> offsite</span>}
        </>
      ),
      isMinor: true,
    },
    { title: 'Do', cell: (point) => <SetActions plan={plan} point={point} /> },
  ];
}
