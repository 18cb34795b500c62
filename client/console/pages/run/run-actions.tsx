import type { ReactNode } from 'react';
import { useState } from 'react';

import type { RunView } from '../../answers';
import { Button } from '../../kit/button';
import { Dialog } from '../../kit/dialog';
import { Field } from '../../kit/field';
import { Problem } from '../../kit/problem';
import { useToast } from '../../kit/toast';
import { useOnceKey } from '../../once';
import { useRefusal } from '../../permission';
import { useSend } from '../../use-api';
import { wording } from '../../wording';
import { ResumeDialog } from './resume-dialog';
import { actionRefusal } from './run-action-rules';

/** What can be done with it now; what cannot says why. */
export function RunActions({ run }: { readonly run: RunView }): ReactNode {
  const [open, setOpen] = useState<Control | 'retry' | 'undo' | null>(null);
  const forbidden = useRefusal('run.control', run.refused);
  return (
    <>
      {controls.map((control) => (
        <Button
          key={control.action}
          tone={control.action === 'cancel' ? 'danger' : 'plain'}
          refused={forbidden ?? actionRefusal(control.action, run)}
          onClick={() => setOpen(control)}
        >
          {control.title}
        </Button>
      ))}
      <Button refused={forbidden ?? actionRefusal('retry', run)} onClick={() => setOpen('retry')}>
        Retry
      </Button>
      <Button tone="danger" refused={forbidden ?? actionRefusal('undo', run)} onClick={() => setOpen('undo')}>
        Undo
      </Button>
      {open === 'retry' && <ResumeDialog run={run} onClose={() => setOpen(null)} />}
      {open === 'undo' && <UndoDialog run={run} onClose={() => setOpen(null)} />}
      {open !== null && typeof open !== 'string' && (
        <ControlDialog run={run} control={open} onClose={() => setOpen(null)} />
      )}
    </>
  );
}

interface Control {
  readonly action: 'pause' | 'resume' | 'cancel';
  readonly title: string;
  readonly text: string;
}

const controls: readonly Control[] = [
  { action: 'pause', title: 'Pause', text: 'What is under way finishes; then nothing begins until it is resumed.' },
  { action: 'resume', title: 'Resume', text: 'It goes on from where it stands.' },
  {
    action: 'cancel',
    title: 'Cancel',
    text: 'What is under way is stopped on its hosts, the steps of “finally” run, and the run ends.',
  },
];

interface ControlDialogProps {
  readonly run: RunView;
  readonly control: Control;
  readonly onClose: () => void;
}

function ControlDialog({ run, control, onClose }: ControlDialogProps): ReactNode {
  const [reason, setReason] = useState('');
  const tell = useToast();
  const [key] = useOnceKey();
  const send = useSend('POST /runs/:ref/control', { params: { ref: run.id }, key }, () => {
    tell(`${control.title}: accepted`);
    onClose();
  });
  return (
    <Dialog
      title={`${control.title} run ${run.number}`}
      isOpen
      onClose={onClose}
      actions={
        <Button
          tone={control.action === 'cancel' ? 'danger' : 'primary'}
          isBusy={send.isPending}
          onClick={() =>
            send.mutate({ action: control.action, ...(reason.trim() === '' ? {} : { reason: reason.trim() }) })
          }
        >
          {`${control.title} the run`}
        </Button>
      }
    >
      <p>{control.text}</p>
      <Field title="Reason" hint={wording.journaled}>
        {(attributes) => (
          <textarea {...attributes} value={reason} onChange={(event) => setReason(event.target.value)} />
        )}
      </Field>
      <Problem error={send.error} />
    </Dialog>
  );
}

function UndoDialog({ run, onClose }: { readonly run: RunView; readonly onClose: () => void }): ReactNode {
  const [key] = useOnceKey();
  const send = useSend('POST /runs/:ref/resume', { params: { ref: run.id }, key }, onClose);
  return (
    <Dialog
      title={`Undo run ${run.number}`}
      isOpen
      onClose={onClose}
      actions={
        <Button tone="danger" isBusy={send.isPending} onClick={() => send.mutate({ undo: true })}>
          Undo the run
        </Button>
      }
    >
      <p>What it has changed is taken back in reverse, to the state that was recorded before.</p>
      <Problem error={send.error} />
    </Dialog>
  );
}
