import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';

import { useFilters } from '../../filters';
import { Page } from '../../kit/page';
import { useZone } from '../../kit/time';
import { useOnceKey } from '../../once';
import { useSend } from '../../use-api';
import { ChangeForm } from './change-form';
import { emptyForm } from './draft-model';

export function NewChangePage(): ReactNode {
  const [given] = useFilters();
  const zone = useZone();
  const navigate = useNavigate();
  const [key] = useOnceKey();
  const send = useSend(
    'POST /changes',
    { key },
    ({ number }) => void navigate({ to: '/changes/$change', params: { change: `CHG-${number}` } }),
  );
  return (
    <Page title="Open a change">
      <ChangeForm
        key={zone}
        initial={emptyForm(zone, given)}
        action={{
          title: 'Open the draft',
          isBusy: send.isPending,
          error: send.error,
          send: (draft) => send.mutate({ draft }),
        }}
      />
    </Page>
  );
}
