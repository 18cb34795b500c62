import type { ReactNode } from 'react';

import type { Notice } from '../answers';
import { usePages } from '../use-api';
import { Badge } from './badge';
import { EmptyState } from './empty-state';
import { noticeKindWords, noticeWord } from './notice-words';
import { Section } from './page';
import { Paged } from './paged';
import type { Column } from './table';
import { Table } from './table';
import { Time } from './time';

/** Who was told of it, and by which way. `about`: `run/12`, `change/CHG-3`, `task/ID`. */
export function Told({ about }: { readonly about: string }): ReactNode {
  const pages = usePages('GET /notices', { query: { about, limit: 20 } });
  return (
    <Section title="Told">
      <Paged query={pages}>
        {(all) => (
          <Table
            label="Who was told"
            columns={columns}
            rows={all.flatMap(({ notices }) => notices)}
            rowKey={({ id }) => id}
            empty={
              <EmptyState title="Nobody was told">
                People are told by mail or chat of what waits for them and of what became of theirs, as they prefer and
                where such a way is set up.
              </EmptyState>
            }
          />
        )}
      </Paged>
    </Section>
  );
}

const columns: readonly Column<Notice>[] = [
  {
    title: 'Who',
    cell: ({ recipient, onBehalfOf }) => (
      <>
        {recipient === '' ? 'nobody yet' : recipient}
        {onBehalfOf !== null && <span className="muted"> for {onBehalfOf}</span>}
      </>
    ),
  },
  { title: 'Of what', cell: ({ kind }) => noticeKindWords(kind), isMinor: true },
  { title: 'By', cell: ({ channel }) => channel ?? '–' },
  { title: 'Standing', cell: (notice) => <Standing notice={notice} /> },
  { title: 'When', cell: ({ createdAt }) => <Time at={createdAt} />, isMinor: true },
];

function Standing({ notice: { state, attempts, nextAt, failure } }: { readonly notice: Notice }): ReactNode {
  const { word, tone, meaning } = noticeWord(state);
  return (
    <>
      <span title={meaning}>
        <Badge tone={tone}>{word}</Badge>
      </span>
      {state === 'pending' && nextAt !== null && (
        <span className="small">
          {' '}
          next <Time at={nextAt} />
        </span>
      )}
      {failure !== null && (
        <div className="bad small">
          {failure.reason} <span className="muted">after {attempts === 1 ? '1 attempt' : `${attempts} attempts`}</span>
        </div>
      )}
    </>
  );
}
