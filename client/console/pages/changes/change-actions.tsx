import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';

import { useFilters } from '../../filters';
import { Button } from '../../kit/button';
import { Problem } from '../../kit/problem';
import { useToast } from '../../kit/toast';
import { useSend } from '../../use-api';
import { actNames, actRefusal, actTitles } from './act-model';
import type { ChangeActName } from './act-model';
import { ActDialog } from './act-dialog';
import type { ChangeView } from './change-types';

/** Every act has its button; one that the phase or the roles refuse says why. The open dialog is in the address. */
export function ChangeActions({ change }: { readonly change: ChangeView }): ReactNode {
  const [{ act: asked }, setFilters] = useFilters();
  const open = actNames.find((act) => act === asked) ?? null;
  return (
    <>
      {actNames.map((act) => (
        <Act
          key={act}
          act={act}
          change={change}
          refused={change.refused[act] ?? actRefusal(change.phase, act)}
          onAsk={() => setFilters({ act })}
        />
      ))}
      <ActDialog change={change} act={open} onClose={() => setFilters({ act: '', start: '' })} />
    </>
  );
}

interface ActProps {
  readonly act: ChangeActName;
  readonly change: ChangeView;
  readonly refused: string | null;
  readonly onAsk: () => void;
}

function Act({ act, change, refused, onAsk }: ActProps): ReactNode {
  if (act === 'submit') return <Submit change={change} refused={refused} />;
  if (act === 'edit' && refused === null)
    return (
      <Link className="button" to="/changes/$change/edit" params={{ change: `CHG-${change.number}` }}>
        {actTitles.edit}
      </Link>
    );
  return (
    <Button tone={act === 'cancel' ? 'danger' : 'plain'} refused={refused} onClick={onAsk}>
      {actTitles[act]}
    </Button>
  );
}

function Submit({ change, refused }: { readonly change: ChangeView; readonly refused: string | null }): ReactNode {
  const tell = useToast();
  const send = useSend('POST /changes/:ref/submit', { params: { ref: change.id } }, ({ warnings }) =>
    tell([`CHG-${change.number} is submitted`, ...warnings].join('. ')),
  );
  return (
    <>
      <Button tone="primary" refused={refused} isBusy={send.isPending} onClick={() => send.mutate({})}>
        {actTitles.submit}
      </Button>
      {send.isError && <Problem error={send.error} />}
    </>
  );
}
