import { useNavigate, useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';

import type { JsonObject } from '../../../../workflows/domain/json';
import { segment } from '../../api';
import { Loaded } from '../../kit/loaded';
import { Page } from '../../kit/page';
import { useZone } from '../../kit/time';
import { useToast } from '../../kit/toast';
import { useRead, useSend } from '../../use-api';
import { ChangeForm } from './change-form';
import type { ActedOn, ChangeView } from './change-types';
import { formOf } from './draft-model';

export function EditChangePage(): ReactNode {
  const { change: ref = '' } = useParams({ strict: false });
  const query = useRead<ChangeView>(`/changes/${segment(ref)}`);
  return <Loaded query={query}>{(change) => <Edit key={change.id} change={change} />}</Loaded>;
}

function Edit({ change }: { readonly change: ChangeView }): ReactNode {
  const zone = useZone();
  const navigate = useNavigate();
  const tell = useToast();
  const name = `CHG-${change.number}`;
  const send = useSend<ActedOn, { readonly draft: JsonObject }>(`/changes/${change.id}/edit`, ({ warnings }) => {
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
          send: (draft) => send.mutate({ draft }),
        }}
      />
    </Page>
  );
}
