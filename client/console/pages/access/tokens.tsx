import type { ReactNode } from 'react';
import { useState } from 'react';

import type { AnswerOf } from '../../../typed/types';
import { useFilters } from '../../filters';
import { Badge } from '../../kit/badge';
import { Button } from '../../kit/button';
import type { FilterField } from '../../kit/filters';
import { GrantText } from '../../kit/grant-text';
import { Listed } from '../../kit/listed';
import type { EmptyWords } from '../../kit/listed';
import { Problem } from '../../kit/problem';
import type { Column } from '../../kit/table';
import { Time } from '../../kit/time';
import { useToast } from '../../kit/toast';
import { useNow } from '../../clock';
import { useRefusal } from '../../permission';
import { useSend } from '../../use-api';
import { NewToken } from './new-token';
import { tokenStanding } from './token-model';

type Token = AnswerOf<'GET /tokens'>['tokens'][number];

const fields: readonly FilterField[] = [
  {
    kind: 'choice',
    name: 'revoked',
    title: 'Dead ones',
    options: [{ value: 'true', title: 'Show them too' }],
  },
];

/** Tokens of the API: one's own, and everybody's for whoever manages them. */
export function Tokens(): ReactNode {
  const [{ revoked }] = useFilters();
  const [isOpen, setIsOpen] = useState(false);
  const refused = useRefusal('token.own');
  return (
    <>
      <Listed
        title="API tokens"
        label="Tokens of the API"
        route="GET /tokens"
        address={{ filters: { revoked } }}
        fields={fields}
        aside={
          <Button tone="primary" refused={refused} onClick={() => setIsOpen(true)}>
            Make a token
          </Button>
        }
        rowsOf={({ tokens }) => tokens}
        columns={columns}
        rowKey={({ id }) => id}
        empty={empty}
      />
      <NewToken isOpen={isOpen} onClose={() => setIsOpen(false)} />
    </>
  );
}

const empty: EmptyWords = {
  none: 'No token',
  unfit: 'No token fits',
  teaches: (
    <>A token lets a script or a pipeline use the API: it may do no more than you, ends by itself, and is shown once.</>
  ),
};

const columns: readonly Column<Token>[] = [
  {
    title: 'Token',
    cell: ({ id, name }) => (
      <>
        <strong>{name}</strong> <span className="mono muted">{id}</span>
      </>
    ),
  },
  { title: 'Of', cell: ({ actor }) => actor },
  {
    title: 'May',
    cell: ({ limits }) => (limits === null ? 'all that its owner may' : <GrantText grants={limits} />),
    isMinor: true,
  },
  { title: 'Last used', cell: ({ lastUsedAt }) => (lastUsedAt === null ? 'never' : <Time at={lastUsedAt} />) },
  { title: 'Ends', cell: ({ expiresAt }) => <Time at={expiresAt} />, isMinor: true },
  { title: 'Standing', cell: (token) => <Standing token={token} /> },
];

function Standing({ token }: { readonly token: Token }): ReactNode {
  const now = useNow();
  const tell = useToast();
  const send = useSend('POST /tokens/:id/revoke', { params: { id: token.id } }, ({ name }) =>
    tell(`${name} is revoked`),
  );
  const standing = tokenStanding(token, now);
  if (standing !== 'valid') return <Badge tone="neutral">{standing}</Badge>;
  return (
    <>
      <Button tone="danger" isBusy={send.isPending} onClick={() => send.mutate({})}>
        Revoke
      </Button>
      <Problem error={send.error} />
    </>
  );
}
