import type { ReactNode } from 'react';
import { useState } from 'react';

import { useFilters } from '../../filters';
import { Button } from '../../kit/button';
import { Dialog } from '../../kit/dialog';
import { Field } from '../../kit/field';
import { Problem } from '../../kit/problem';
import { useZone } from '../../kit/time';
import { useToast } from '../../kit/toast';
import { wallAt } from '../../kit/zone-days';
import type { SentOf } from '../../request';
import { useSend } from '../../use-api';
import { actTitles } from './act-model';
import type { ChangeActName } from './act-model';
import type { ChangeView } from './change-types';
import { instantOf } from '../../kit/wall-time';
import { windowOf } from './draft-model';
import { ReviewFields } from './review-fields';
import { exceptionsOf, reviewBody } from './review-model';
import type { ReviewForm } from './review-model';

export interface ActDialogProps {
  readonly change: ChangeView;
  readonly act: ChangeActName | null;
  readonly onClose: () => void;
}

/** What an act asks for. What is refused stays on the screen with its reason. */
export function ActDialog({ change, act, onClose }: ActDialogProps): ReactNode {
  const asks = act !== null && act !== 'submit' && act !== 'edit';
  return (
    <Dialog title={act === null ? '' : `${actTitles[act]}: CHG-${change.number}`} isOpen={asks} onClose={onClose}>
      {asks && <ActForm key={act} change={change} act={act} onClose={onClose} />}
    </Dialog>
  );
}

type AskingAct = Exclude<ChangeActName, 'submit' | 'edit'>;

interface ActFormProps {
  readonly change: ChangeView;
  readonly act: AskingAct;
  readonly onClose: () => void;
}

interface ActForm {
  readonly reason: string;
  readonly start: string;
  readonly end: string;
  readonly keep: boolean;
  readonly review: ReviewForm;
}

function ActForm({ change, act, onClose }: ActFormProps): ReactNode {
  const zone = useZone();
  const [{ start: movedTo }] = useFilters();
  const [form, setForm] = useState<ActForm>(() => initialForm(change, { zone, movedTo }));
  const tell = useToast();
  const send = useSend(`POST /changes/:ref/${act}`, { params: { ref: change.id } }, ({ warnings }) => {
    tell([`CHG-${change.number}: ${actTitles[act].toLowerCase()} is accepted`, ...warnings].join('. '));
    onClose();
  });
  return (
    <form
      className="form"
      onSubmit={(event) => {
        event.preventDefault();
        send.mutate(bodyOf(act, form, zone));
      }}
    >
      <ActFields change={change} act={act} form={form} onChange={setForm} />
      <Problem error={send.error} />
      <Button type="submit" tone={act === 'cancel' ? 'danger' : 'primary'} isBusy={send.isPending}>
        {actTitles[act]}
      </Button>
    </form>
  );
}

interface FieldsProps {
  readonly change: ChangeView;
  readonly act: AskingAct;
  readonly form: ActForm;
  readonly onChange: (form: ActForm) => void;
}

function ActFields({ change, act, form, onChange }: FieldsProps): ReactNode {
  const zone = useZone();
  const { reason, start, end, keep } = form;
  const moment = (title: string, value: string, change: (value: string) => void): ReactNode => (
    <Field title={title} hint={`On the clock of ${zone}`} isRequired>
      {(control) => (
        <input {...control} type="datetime-local" value={value} onChange={(event) => change(event.target.value)} />
      )}
    </Field>
  );
  if (act === 'review')
    return <ReviewFields change={change} form={form.review} onChange={(review) => onChange({ ...form, review })} />;
  return (
    <>
      {act === 'reschedule' && moment('Window starts', start, (value) => onChange({ ...form, start: value }))}
      {(act === 'reschedule' || act === 'extend') &&
        moment('Window ends', end, (value) => onChange({ ...form, end: value }))}
      {act === 'cancel' && change.phase === 'implementing' && (
        <label className="check">
          <input
            type="checkbox"
            checked={keep}
            onChange={(event) => onChange({ ...form, keep: event.target.checked })}
          />{' '}
          Leave what was changed as it is, instead of undoing it
        </label>
      )}
      <Field title="Reason" hint="Stands in the journal and in the timeline.">
        {(control) => (
          <textarea
            {...control}
            value={reason}
            onChange={(event) => onChange({ ...form, reason: event.target.value })}
          />
        )}
      </Field>
    </>
  );
}

interface Asked {
  readonly zone: string;
  /** Epoch ms of a next free slot that somebody chose. */
  readonly movedTo: string | undefined;
}

function initialForm(change: ChangeView, { zone, movedTo }: Asked): ActForm {
  const window = windowOf(change);
  const lengthMs = window === null ? 0 : window.endMs - window.startMs;
  const startMs = movedTo === undefined ? window?.startMs : Number(movedTo);
  const [start, end] =
    startMs === undefined || Number.isNaN(startMs)
      ? ['', '']
      : [wallAt(startMs, zone), wallAt(startMs + lengthMs, zone)];
  const tickets = Object.fromEntries(exceptionsOf(change.tasks).map((exception) => [exception, '']));
  return { reason: '', start, end, keep: false, review: { outcome: 'successful', text: '', tickets } };
}

function bodyOf(
  act: AskingAct,
  { reason, start, end, keep, review }: ActForm,
  zone: string,
): SentOf<`POST /changes/:ref/${AskingAct}`> {
  switch (act) {
    case 'reschedule':
      return { start: instantOf(start, zone), end: instantOf(end, zone), reason };
    case 'extend':
      return { end: instantOf(end, zone), reason };
    case 'cancel':
      return { keep, reason };
    case 'revise':
      return { reason };
    case 'review':
      return reviewBody(review);
  }
}
