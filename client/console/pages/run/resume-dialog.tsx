import type { ReactNode } from 'react';
import { useState } from 'react';

import type { ResumePreview, RunView } from '../../answers';
import { Button } from '../../kit/button';
import { Dialog } from '../../kit/dialog';
import { Field } from '../../kit/field';
import { Loaded } from '../../kit/loaded';
import { Problem } from '../../kit/problem';
import { StepBadge } from '../../kit/state-badge';
import { useOnceKey } from '../../once';
import { useRead, useSend } from '../../use-api';
import { hostNames } from '../start/start-request';

/** Going on from where it ended, or from a step: first what will run, then the start of it. */
export function ResumeDialog({ run, onClose }: { readonly run: RunView; readonly onClose: () => void }): ReactNode {
  const [from, setFrom] = useState('');
  const [hosts, setHosts] = useState('');
  const named = hostNames(hosts);
  const preview = useRead(
    'GET /runs/:ref/resume-preview',
    {
      params: { ref: run.id },
      query: { ...(from === '' ? {} : { from }), ...(named.length === 0 ? {} : { hosts: named.join(',') }) },
    },
    { keep: true },
  );
  const [key] = useOnceKey();
  const send = useSend('POST /runs/:ref/resume', { params: { ref: run.id }, key }, onClose);
  return (
    <Dialog
      title={`Retry run ${run.number}`}
      isOpen
      onClose={onClose}
      actions={
        <Button
          tone="primary"
          refused={preview.data?.refusal?.message}
          isBusy={send.isPending}
          onClick={() =>
            send.mutate({ ...(from === '' ? {} : { from }), ...(named.length === 0 ? {} : { hosts: named }) })
          }
        >
          Go on
        </Button>
      }
    >
      <Field title="Go on from" hint="Everything from this step on runs again">
        {(control) => (
          <select {...control} value={from} onChange={(event) => setFrom(event.target.value)}>
            <option value="">Where it ended</option>
            {[...(preview.data?.keeps ?? []), ...(preview.data?.runs ?? [])].map(({ id }) => (
              <option key={id}>{id}</option>
            ))}
          </select>
        )}
      </Field>
      <Field title="Only these hosts" hint="Names, apart by commas; empty: those that are not through">
        {(control) => (
          <input {...control} type="text" value={hosts} onChange={(event) => setHosts(event.target.value)} />
        )}
      </Field>
      <Loaded query={preview}>{(data) => <Preview preview={data} />}</Loaded>
      <Problem error={send.error} />
    </Dialog>
  );
}

function Preview({ preview }: { readonly preview: ResumePreview }): ReactNode {
  return (
    <>
      {preview.refusal !== null && <p className="bad">{preview.refusal.message}</p>}
      <Steps title="Stands as it is" steps={preview.keeps} />
      <Steps title="Will run" steps={preview.runs} />
      {preview.hosts.length > 0 && (
        <div>
          <h3>Goes on with</h3>
          <p className="mono">{preview.hosts.join(', ')}</p>
        </div>
      )}
      <Steps title="Always runs at the end" steps={preview.finally} />
    </>
  );
}

interface StepsProps {
  readonly title: string;
  readonly steps: ResumePreview['runs'];
}

function Steps({ title, steps }: StepsProps): ReactNode {
  if (steps.length === 0) return null;
  return (
    <div>
      <h3>{title}</h3>
      <ul className="rows">
        {steps.map((step) => (
          <li key={step.path}>
            <span className="row-main">
              {step.id} <span className="muted">{step.verb}</span>
            </span>
            <StepBadge status={step.status} />
          </li>
        ))}
      </ul>
    </div>
  );
}
