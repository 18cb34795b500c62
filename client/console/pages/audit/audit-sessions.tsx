import type { infer as Infer } from 'zod';
import type { ReactNode } from 'react';

import type * as identity from '../../../api/identity-schema';
import { Button } from '../../kit/button';
import { EmptyState } from '../../kit/empty-state';
import { GrantText } from '../../kit/grant-text';
import { Loaded } from '../../kit/loaded';
import { Section } from '../../kit/page';
import { Problem } from '../../kit/problem';
import type { Column } from '../../kit/table';
import { Table } from '../../kit/table';
import { Time } from '../../kit/time';
import { useToast } from '../../kit/toast';
import { useRefusal } from '../../permission';
import { useRead, useSend } from '../../use-api';

type Session = Infer<typeof identity.SessionView>;

/** Who is signed in now. */
export function AuditSessions(): ReactNode {
  const query = useRead<{ readonly sessions: readonly Session[] }>('/sessions');
  return (
    <Section title="Signed in now">
      <Loaded query={query}>
        {({ sessions }) => (
          <Table
            label="Sessions"
            columns={columns}
            rows={sessions}
            rowKey={({ id }) => id}
            empty={
              <EmptyState title="Nobody is signed in">
                Whoever signs in, by a link or by the identity provider, is listed here until they sign out.
              </EmptyState>
            }
          />
        )}
      </Loaded>
    </Section>
  );
}

const columns: readonly Column<Session>[] = [
  { title: 'Who', cell: ({ actor }) => actor },
  { title: 'By', cell: ({ source }) => (source === 'oidc' ? 'identity provider' : 'sign-in link') },
  {
    title: 'May',
    cell: ({ given }) => (given === null ? 'as published' : <GrantText grants={given} />),
    isMinor: true,
  },
  { title: 'Signed in', cell: ({ createdAt }) => <Time at={createdAt} /> },
  { title: 'Seen', cell: ({ seenAt }) => <Time at={seenAt} />, isMinor: true },
  { title: 'Ends', cell: ({ expiresAt }) => <Time at={expiresAt} />, isMinor: true },
  { title: 'End it', cell: ({ id }) => <EndSession id={id} /> },
];

function EndSession({ id }: { readonly id: string }): ReactNode {
  const tell = useToast();
  const refused = useRefusal('access.write');
  const send = useSend<unknown, { readonly session: string }>('/sessions/end', () => tell('The session has ended'));
  return (
    <>
      <Button tone="danger" refused={refused} isBusy={send.isPending} onClick={() => send.mutate({ session: id })}>
        End
      </Button>
      <Problem error={send.error} />
    </>
  );
}
