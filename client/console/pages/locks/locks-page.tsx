import type { infer as Infer } from 'zod';
import type { ReactNode } from 'react';
import { useState } from 'react';

import type * as schema from '../../../api/schema';
import { useFilters } from '../../filters';
import { Badge } from '../../kit/badge';
import { Button } from '../../kit/button';
import { Dialog } from '../../kit/dialog';
import { EmptyState } from '../../kit/empty-state';
import { Filters } from '../../kit/filters';
import type { FilterField } from '../../kit/filters';
import { Loaded } from '../../kit/loaded';
import { Page, Section } from '../../kit/page';
import { Problem } from '../../kit/problem';
import { ProcessLink } from '../../kit/process-link';
import type { Column } from '../../kit/table';
import { Table } from '../../kit/table';
import { Time } from '../../kit/time';
import { useToast } from '../../kit/toast';
import { useRefusal } from '../../permission';
import { useRead, useSend } from '../../use-api';
import { wording } from '../../wording';
import { freeRefusal, locksShown } from './lock-model';

type Lock = Infer<typeof schema.LockRow>;

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
  const query = useRead<{ readonly locks: readonly Lock[] }>('/locks');
  return (
    <Page title={wording.nav.locks}>
      <Filters fields={fields} />
      <Section title="What is protected now">
        <Loaded query={query}>
          {({ locks }) => (
            <Table
              label="Locks"
              columns={columnsWith(setFreed)}
              rows={locksShown(locks, filters)}
              rowKey={({ name }) => name}
              empty={
                <EmptyState title={locks.length === 0 ? 'Nothing is locked' : 'No lock fits these filters'}>
                  A lock names what a run protects while it works: a host, a service, an item of a change. The first run
                  to hold it goes on, the others wait for their turn.
                </EmptyState>
              }
            />
          )}
        </Loaded>
      </Section>
      <FreeDialog lock={freed} onClose={() => setFreed(null)} />
    </Page>
  );
}

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

function FreeDialog({ lock, onClose }: { readonly lock: Lock | null; readonly onClose: () => void }): ReactNode {
  const tell = useToast();
  const send = useSend<{ readonly name: string }, { readonly name: string }>('/locks/free', ({ name }) => {
    tell(`${name} is free`);
    onClose();
  });
  return (
    <Dialog
      title={`Free ${lock?.name ?? ''}`}
      isOpen={lock !== null}
      onClose={onClose}
      actions={
        <Button
          tone="danger"
          isBusy={send.isPending}
          onClick={() => {
            if (lock !== null) send.mutate({ name: lock.name });
          }}
        >
          It is safe: free it
        </Button>
      }
    >
      <p>
        The run that took this lock is over, and its back-out did not succeed. Whoever waits for {lock?.name} starts to
        work as soon as it is free: look at what the run left behind first.
      </p>
      <Problem error={send.error} />
    </Dialog>
  );
}
