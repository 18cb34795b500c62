import type { ReactNode } from 'react';
import { useState } from 'react';

import { roles } from '../../../../workflows/domain/authorization';
import type { Role } from '../../../../workflows/domain/authorization';
import { Button } from '../../kit/button';
import { Code } from '../../kit/code';
import { Dialog } from '../../kit/dialog';
import { Field } from '../../kit/field';
import { Problem } from '../../kit/problem';
import { useSend } from '../../use-api';
import { emptyTokenForm, tokenRequest, withRole } from './token-model';

export interface NewTokenProps {
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

export function NewToken({ isOpen, onClose }: NewTokenProps): ReactNode {
  return (
    <Dialog title="Make a token" isOpen={isOpen} onClose={onClose}>
      <NewTokenForm />
    </Dialog>
  );
}

/** The secret lives in this dialog alone: closed, nobody sees it again. */
function NewTokenForm(): ReactNode {
  const [form, setForm] = useState(emptyTokenForm);
  const [wasTried, setWasTried] = useState(false);
  const send = useSend('POST /tokens', {});
  const { body, problems } = tokenRequest(form);
  const shown: { readonly [field: string]: string } = wasTried ? problems : {};
  if (send.data !== undefined) return <Made token={send.data.token} />;
  return (
    <form
      className="form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        setWasTried(true);
        if (Object.keys(problems).length === 0) send.mutate(body);
      }}
    >
      <Field title="Name" hint="What uses it" isRequired problem={shown['name']}>
        {(control) => (
          <input {...control} value={form.name} onChange={(event) => setForm({ ...form, name: event.target.value })} />
        )}
      </Field>
      <Field title="Days" hint="Until it ends by itself" isRequired problem={shown['days']}>
        {(control) => (
          <input
            {...control}
            inputMode="numeric"
            value={form.days}
            onChange={(event) => setForm({ ...form, days: event.target.value })}
          />
        )}
      </Field>
      <Roles chosen={form.roles} onChange={(chosen) => setForm({ ...form, roles: chosen })} />
      <Field title="Only where" hint="environment: staging, test" problem={shown['where']}>
        {(control) => (
          <textarea
            {...control}
            value={form.where}
            onChange={(event) => setForm({ ...form, where: event.target.value })}
          />
        )}
      </Field>
      <Problem error={send.error} />
      <Button type="submit" tone="primary" isBusy={send.isPending}>
        Make it
      </Button>
    </form>
  );
}

interface RolesProps {
  readonly chosen: readonly Role[];
  readonly onChange: (chosen: readonly Role[]) => void;
}

function Roles({ chosen, onChange }: RolesProps): ReactNode {
  return (
    <fieldset>
      <legend>Roles, of those that you have; none: all of them</legend>
      {roles.map((role) => (
        <label key={role} className="check">
          <input
            type="checkbox"
            checked={chosen.includes(role)}
            onChange={(event) => onChange(withRole(chosen, role, event.target.checked))}
          />{' '}
          {role}
        </label>
      ))}
    </fieldset>
  );
}

function Made({ token }: { readonly token: string }): ReactNode {
  const [isCopied, setIsCopied] = useState(false);
  return (
    <div className="form" role="status">
      <p>
        <strong>This is shown once.</strong> Keep it where secrets are kept; nobody can read it again, only make
        another.
      </p>
      <Code label="The token" text={token} />
      <p className="hint">
        <code>MAINSTAY_TOKEN</code> and <code>MAINSTAY_URL</code> let the command line use it.
      </p>
      <Button
        onClick={() => {
          void navigator.clipboard.writeText(token).then(() => setIsCopied(true));
        }}
      >
        {isCopied ? 'Copied' : 'Copy'}
      </Button>
    </div>
  );
}
