import type { ReactNode } from 'react';
import { useState } from 'react';

import type { LockRow } from '../../answers';
import { Button } from '../../kit/button';
import { Dialog } from '../../kit/dialog';
import { Field } from '../../kit/field';
import { Problem } from '../../kit/problem';
import { useToast } from '../../kit/toast';
import { useSend } from '../../use-api';
import { wording } from '../../wording';

export interface FreeDialogProps {
  readonly lock: LockRow;
  readonly onClose: () => void;
}

/** Frees what a run that is over still holds. Why that is safe stands in the journal. */
export function FreeDialog({ lock, onClose }: FreeDialogProps): ReactNode {
  const [reason, setReason] = useState('');
  const tell = useToast();
  const send = useSend('POST /locks/free', {}, ({ name }) => {
    tell(`${name} is free`);
    onClose();
  });
  return (
    <Dialog
      title={`Free ${lock.name}`}
      isOpen
      onClose={onClose}
      actions={
        <Button
          tone="danger"
          refused={reason.trim() === '' ? 'Say why it is safe first.' : null}
          isBusy={send.isPending}
          onClick={() => send.mutate({ name: lock.name, reason: reason.trim() })}
        >
          It is safe: free it
        </Button>
      }
    >
      <p>
        The run that took this lock is over, and its back-out did not succeed. Whoever waits for {lock.name} starts to
        work as soon as it is free: look at what the run left behind first.
      </p>
      <Field title="Why it is safe" hint={wording.journaled} isRequired>
        {(control) => <textarea {...control} value={reason} onChange={(event) => setReason(event.target.value)} />}
      </Field>
      <Problem error={send.error} />
    </Dialog>
  );
}
