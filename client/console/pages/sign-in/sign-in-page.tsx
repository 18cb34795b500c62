import { useLocation, useNavigate, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useEffect, useRef } from 'react';

import { Problem } from '../../kit/problem';
import { useMe } from '../../me';
import { mePath } from '../../me-path';
import { queryClient } from '../../query-client';
import { useSend } from '../../use-api';
import { wording } from '../../wording';
import { localPath } from './local-path';

/** A one-time link carries its code behind `#`, which no server and no log ever sees. */
export function SignInPage(): ReactNode {
  const search = useSearch({ strict: false });
  const navigate = useNavigate();
  const me = useMe();
  const goal = localPath(search['to']);
  const { hash: code } = useLocation();
  const sent = useRef('');
  const signIn = useSend('POST /sessions', {}, () => {
    void queryClient.invalidateQueries({ queryKey: [mePath] }).then(() => navigate({ href: goal, replace: true }));
  });
  useEffect(() => {
    // Effects run again and again, and a code counts once.
    if (code === '' || sent.current === code) return;
    sent.current = code;
    void navigate({ to: '.', search: true, hash: '', replace: true });
    signIn.mutate({ code });
  }, [code, navigate, signIn]);
  return (
    <main className="lone sign-in">
      <p className="brand">
        <span className="brand-mark" aria-hidden="true" /> {wording.product}
      </p>
      <h1>Sign in</h1>
      {signIn.isPending && <p role="status">Signing in …</p>}
      <Problem error={signIn.error} />
      {!signIn.isPending && <Ways goal={goal} hasProvider={me.error?.document['oidc'] === true} />}
    </main>
  );
}

function Ways({ goal, hasProvider }: { readonly goal: string; readonly hasProvider: boolean }): ReactNode {
  return (
    <>
      {hasProvider && (
        <a className="button button-primary" href={`/auth/oidc/start?to=${encodeURIComponent(goal)}`}>
          Sign in with your organisation
        </a>
      )}
      <p className="muted">
        A sign-in link works once and for ten minutes. Whoever runs this installation makes another one with{' '}
        <code className="mono">mainstay sign-in</code>.
      </p>
    </>
  );
}
