import type { ReactNode } from 'react';
import { useState } from 'react';

import { Button } from '../../kit/button';
import { Dialog } from '../../kit/dialog';
import { Field } from '../../kit/field';
import { Problem } from '../../kit/problem';
import { useZone } from '../../kit/time';
import { useToast } from '../../kit/toast';
import { momentOf } from '../../kit/zone-days';
import { useSend } from '../../use-api';
import { actSpecs, bodyOf, emptyBackupForm } from './act-model';
import type { BackupForm, PlanAct, SetAct } from './act-model';

export interface AskedAct {
  readonly plan: string;
  readonly act: PlanAct | SetAct;
  /** Null: the plan as a whole. */
  readonly set: string | null;
  /** Names of what is held, of which one is released. */
  readonly holds?: readonly string[];
}

export interface BackupActDialogProps {
  readonly asked: AskedAct | null;
  readonly onClose: () => void;
}

export function BackupActDialog({ asked, onClose }: BackupActDialogProps): ReactNode {
  const title = asked === null ? '' : `${actSpecs[asked.act].title}: ${asked.set ?? asked.plan}`;
  return (
    <Dialog title={title} isOpen={asked !== null} onClose={onClose}>
      {asked !== null && <ActForm asked={asked} onClose={onClose} />}
    </Dialog>
  );
}

function ActForm({ asked, onClose }: { readonly asked: AskedAct; readonly onClose: () => void }): ReactNode {
  const { plan, act, set, holds = [] } = asked;
  const spec = actSpecs[act];
  const zone = useZone();
  const tell = useToast();
  const [form, setForm] = useState<BackupForm>({ ...emptyBackupForm, name: holds[0] ?? '' });
  const send = useSend(`POST /backups/:plan/${act}`, { params: { plan } }, ({ warnings }) => {
    tell([`${spec.title}: accepted`, ...warnings].join('. '));
    onClose();
  });
  const missing = spec.reason === 'required' && form.reason.trim() === '' ? 'Say why: it stands in the journal.' : null;
  return (
    <form
      className="form"
      onSubmit={(event) => {
        event.preventDefault();
        const at = form.at === '' ? '' : new Date(momentOf(form.at, zone)).toISOString();
        if (missing === null) send.mutate(bodyOf(form, { act, set, at }));
      }}
    >
      <p>{spec.text}</p>
      {act === 'restore' && <RestoreFields form={form} zone={zone} onChange={setForm} />}
      {(act === 'hold' || act === 'release') && <HoldFields act={act} holds={holds} form={form} onChange={setForm} />}
      {spec.reason !== 'none' && (
        <Field title="Reason" isRequired={spec.reason === 'required'}>
          {(control) => (
            <textarea
              {...control}
              value={form.reason}
              onChange={(event) => setForm({ ...form, reason: event.target.value })}
            />
          )}
        </Field>
      )}
      <Problem error={send.error} />
      <Button type="submit" tone="primary" refused={missing} isBusy={send.isPending}>
        {spec.title}
      </Button>
    </form>
  );
}

interface PartProps {
  readonly form: BackupForm;
  readonly onChange: (form: BackupForm) => void;
}

function RestoreFields({ form, zone, onChange }: PartProps & { readonly zone: string }): ReactNode {
  return (
    <>
      <Field title="To" hint={`A moment on the clock of ${zone}; empty: as late as can be.`}>
        {(control) => (
          <input
            {...control}
            type="datetime-local"
            value={form.at}
            onChange={(event) => onChange({ ...form, at: event.target.value })}
          />
        )}
      </Field>
      <label className="check">
        <input
          type="checkbox"
          checked={form.over}
          onChange={(event) => onChange({ ...form, over: event.target.checked })}
        />{' '}
        Over what is live: two people approve, and the original stays until a person has confirmed
      </label>
    </>
  );
}

interface HoldProps extends PartProps {
  readonly act: 'hold' | 'release';
  readonly holds: readonly string[];
}

function HoldFields({ act, holds, form, onChange }: HoldProps): ReactNode {
  if (act === 'release')
    return (
      <Field title="Which hold" isRequired>
        {(control) => (
          <select {...control} value={form.name} onChange={(event) => onChange({ ...form, name: event.target.value })}>
            {holds.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        )}
      </Field>
    );
  return (
    <>
      <Field title="Name" hint="audit 2026" isRequired>
        {(control) => (
          <input {...control} value={form.name} onChange={(event) => onChange({ ...form, name: event.target.value })} />
        )}
      </Field>
      <Field title="Kind" hint="A legal or permanent hold is lifted by two people only.">
        {(control) => (
          <select
            {...control}
            value={form.kind}
            onChange={(event) => onChange({ ...form, kind: kindOf(event.target.value) })}
          >
            <option value="plain">plain</option>
            <option value="legal">legal</option>
            <option value="permanent">permanent</option>
          </select>
        )}
      </Field>
    </>
  );
}

function kindOf(text: string): BackupForm['kind'] {
  return text === 'legal' || text === 'permanent' ? text : 'plain';
}
