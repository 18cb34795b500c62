import type { ReactNode } from 'react';

import type { AnswerOf } from '../../../typed/types';
import { useFilters } from '../../filters';
import { Button } from '../../kit/button';
import type { FilterField } from '../../kit/filters';
import { GrantText } from '../../kit/grant-text';
import { Listed } from '../../kit/listed';
import type { EmptyWords } from '../../kit/listed';
import { Problem } from '../../kit/problem';
import type { Column } from '../../kit/table';
import { Time } from '../../kit/time';
import { useToast } from '../../kit/toast';
import { useRefusal } from '../../permission';
import { useSend } from '../../use-api';

type Session = AnswerOf<'GET /sessions'>['sessions'][number];

/** Who is signed in now. */
export function AuditSessions(): ReactNode {
  const [{ who = '' }] = useFilters();
  return (
    <Listed
      title="Signed in now"
      label="Sessions"
      route="GET /sessions"
      address={{}}
      rowsOf={({ sessions }) => sessions}
      shown={(sessions) => sessions.filter(({ actor }) => actor.toLowerCase().includes(who.toLowerCase()))}
      fields={fields}
      columns={columns}
      rowKey={({ id }) => id}
      empty={empty}
    />
  );
}

const fields: readonly FilterField[] = [{ kind: 'text', name: 'who', title: 'Who', placeholder: 'user/anna' }];

const empty: EmptyWords = {
  none: 'Nobody is signed in',
  unfit: 'Nobody who fits is signed in',
  teaches: 'Whoever signs in, by a link or by the identity provider, is listed here until they sign out.',
};

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
  const send = useSend('POST /sessions/end', {}, () => tell('The session has ended'));
  return (
    <>
      <Button tone="danger" refused={refused} isBusy={send.isPending} onClick={() => send.mutate({ session: id })}>
        End
      </Button>
      <Problem error={send.error} />
    </>
  );
}
