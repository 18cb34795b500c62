import { useNavigate, useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';

import { Loaded } from '../../kit/loaded';
import { Page } from '../../kit/page';
import { useZone } from '../../kit/time';
import { useToast } from '../../kit/toast';
import { useRead, useSend } from '../../use-api';
import { actRefusal } from './act-model';
import { ChangeForm } from './change-form';
import type { ChangeView } from './change-types';
import { formOf } from './draft-model';

export function EditChangePage(): ReactNode {
  const { change: ref = '' } = useParams({ strict: false });
  const query = useRead('GET /changes/:ref', { params: { ref } });
  return <Loaded query={query}>{(change) => <Edit key={change.id} change={change} />}</Loaded>;
}

function Edit({ change }: { readonly change: ChangeView }): ReactNode {
  const zone = useZone();
  const navigate = useNavigate();
  const tell = useToast();
  const name = `CHG-${change.number}`;
  const send = useSend('POST /changes/:ref/edit', { params: { ref: change.id } }, ({ warnings }) => {
    tell([`${name} is edited`, ...warnings].join('. '));
    void navigate({ to: '/changes/$change', params: { change: name } });
  });
  const wasSubmitted = change.phase !== 'draft';
  return (
    <Page title={`Edit ${name} ${change.title}`}>
      {wasSubmitted && (
        <p className="note" role="note">
          People vote on this change already. Other targets, commands, inputs, times, risks or approvers void their
          votes; other words do not.
        </p>
      )}
      <ChangeForm
        initial={formOf(change.draft, zone)}
        action={{
          title: 'Save',
          isBusy: send.isPending,
          error: send.error,
          refused: change.refused['edit'] ?? actRefusal(change.phase, 'edit'),
          send: (draft) => send.mutate({ draft }),
        }}
      />
    </Page>
  );
}
