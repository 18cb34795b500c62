import type { ReactNode } from 'react';

import type { AnswerOf } from '../../../typed/types';
import { useFilters } from '../../filters';
import { EmptyState } from '../../kit/empty-state';
import { Filters } from '../../kit/filters';
import type { FilterField } from '../../kit/filters';
import { Paged } from '../../kit/paged';
import { Section } from '../../kit/page';
import { ProcessLink } from '../../kit/process-link';
import { ShownValue } from '../../kit/shown-value';
import type { Column } from '../../kit/table';
import { Table } from '../../kit/table';
import { Time, useZone } from '../../kit/time';
import { VerifiedBadge } from '../../kit/verified-badge';
import { usePages } from '../../use-api';
import { auditQuery } from './audit-model';

type AuditPage = AnswerOf<'GET /journal'>;
type Entry = AuditPage['entries'][number];

const fields: readonly FilterField[] = [
  { kind: 'text', name: 'process', title: 'Process', placeholder: '7, CHG-12, system' },
  { kind: 'text', name: 'kind', title: 'Kind', placeholder: 'vote.cast, task.closed' },
  { kind: 'text', name: 'actor', title: 'Actor', placeholder: 'user/anna' },
  { kind: 'text', name: 'from', title: 'From', placeholder: '2026-11-24T09:00' },
  { kind: 'text', name: 'until', title: 'Until', placeholder: '2026-11-24T18:00' },
];

const pageSize = 100;

/** Everything that was written, newest first. Nothing that a screen shows has another source. */
export function AuditJournal(): ReactNode {
  const [filters] = useFilters();
  const zone = useZone();
  const { query, problem } = auditQuery(filters, zone);
  const pages = usePages('GET /journal', { query: { limit: pageSize }, filters: query });
  const { process } = filters;
  return (
    <>
      <Filters fields={fields} />
      {problem !== null && (
        <p className="field-problem" role="status">
          {problem}
        </p>
      )}
      <Section
        title="Journal"
        aside={process === undefined || process === 'system' ? null : <VerifiedBadge key={process} process={process} />}
      >
        <Paged query={pages}>
          {(all) => (
            <Table
              label="Entries of the journal"
              columns={columnsWith(Object.fromEntries(all.flatMap(({ subjects }) => Object.entries(subjects))))}
              rows={all.flatMap(({ entries }) => entries)}
              rowKey={({ stream, seq }) => `${stream}#${seq}`}
              empty={
                <EmptyState title="Nothing was written that fits">
                  Every fact of a run, a change or a backup is an entry: steps, votes, states, tasks, connections. Kinds
                  are named as in the export: run.created, step.ended, vote.cast.
                </EmptyState>
              }
            />
          )}
        </Paged>
      </Section>
    </>
  );
}

function columnsWith(subjects: AuditPage['subjects']): readonly Column<Entry>[] {
  return [
    { title: 'When', cell: ({ at }) => <Time at={at} /> },
    {
      title: 'Process',
      cell: ({ process, stream }) =>
        process === null ? stream : <ProcessLink id={process} name={subjects[process]} />,
    },
    { title: 'Kind', cell: ({ kind }) => <span className="mono">{kind}</span> },
    { title: 'Who', cell: ({ actor, via }) => <span title={`by way of ${via}`}>{actor}</span> },
    {
      title: 'What',
      cell: ({ key, seq, payload, kind }) => (
        <details>
          <summary className="mono">
            #{seq} {key}
          </summary>
          {payload === null ? <p>Its content has been redacted.</p> : <ShownValue value={payload} label={kind} />}
        </details>
      ),
      isMinor: true,
    },
  ];
}
