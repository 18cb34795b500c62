import type { ReactNode } from 'react';
import { useState } from 'react';

import type { LockRow as Lock } from '../../answers';
import { useFilters } from '../../filters';
import { Badge } from '../../kit/badge';
import { Button } from '../../kit/button';
import type { FilterField } from '../../kit/filters';
import { Listed } from '../../kit/listed';
import type { EmptyWords } from '../../kit/listed';
import { Page } from '../../kit/page';
import { ProcessLink } from '../../kit/process-link';
import type { Column } from '../../kit/table';
import { Time } from '../../kit/time';
import { useRefusal } from '../../permission';
import { wording } from '../../wording';
import { FreeDialog } from './free-dialog';
import { freeRefusal, locksShown } from './lock-model';

const fields: readonly FilterField[] = [
  { kind: 'text', name: 'name', title: 'Protects', placeholder: 'host/db1' },
  {
    kind: 'choice',
    name: 'state',
    title: 'State',
    options: [
      { value: 'held', title: 'Held' },
      { value: 'orphaned', title: 'Orphaned' },
    ],
  },
];

export function LocksPage(): ReactNode {
  const [filters] = useFilters();
  const [freed, setFreed] = useState<Lock | null>(null);
  return (
    <Page title={wording.nav.locks}>
      <Listed
        title="What is protected now"
        label="Locks"
        route="GET /locks"
        address={{}}
        fields={fields}
        rowsOf={({ locks }) => locks}
        shown={(locks) => locksShown(locks, filters)}
        columns={columnsWith(setFreed)}
        rowKey={({ name }) => name}
        empty={empty}
      />
      {freed !== null && <FreeDialog lock={freed} onClose={() => setFreed(null)} />}
    </Page>
  );
}

const empty: EmptyWords = {
  none: 'Nothing is locked',
  unfit: 'No lock fits these filters',
  teaches:
    'A lock names what a run protects while it works: a host, a service, an item of a change. The first run to hold it goes on, the others wait for their turn.',
};

function columnsWith(onFree: (lock: Lock) => void): readonly Column<Lock>[] {
  return [
    { title: 'Protects', cell: ({ name }) => <strong>{name}</strong> },
    {
      title: 'Held by',
      cell: ({ runId, path }) => (
        <>
          <ProcessLink id={runId} /> <span className="muted">{path}</span>
        </>
      ),
    },
    { title: 'Token', cell: ({ token }) => token, align: 'end', isMinor: true },
    {
      title: 'State',
      cell: ({ state }) => <Badge tone={state === 'held' ? 'busy' : 'bad'}>{state}</Badge>,
    },
    { title: 'Since', cell: ({ at }) => <Time at={at} /> },
    { title: 'Free it', cell: (lock) => <Free lock={lock} onFree={onFree} /> },
  ];
}

function Free({ lock, onFree }: { readonly lock: Lock; readonly onFree: (lock: Lock) => void }): ReactNode {
  const forbidden = useRefusal('lock.free');
  return (
    <Button tone="danger" refused={forbidden ?? freeRefusal(lock)} onClick={() => onFree(lock)}>
      Free
    </Button>
  );
}
