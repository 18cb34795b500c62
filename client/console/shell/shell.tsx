import { Link, Outlet, useRouter } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useContext, useEffect } from 'react';

import { CommandPalette } from '../kit/command-palette';
import { EmptyState } from '../kit/empty-state';
import { Problem } from '../kit/problem';
import { Shortcuts } from '../kit/shortcuts';
import { LiveContext } from '../live-context';
import { useMe } from '../me';
import { wording } from '../wording';
import { navigation } from './navigation';
import { SessionMenu } from './session-menu';

/** What surrounds every page: where one can go, who one is, and whether what is shown is live. */
export function Shell(): ReactNode {
  const me = useMe();
  if (me.isPending)
    return (
      <p className="loading" role="status">
        {wording.loading}
      </p>
    );
  if (me.error?.status === 401) return <SignInFirst />;
  if (me.data === undefined) return <Problem error={me.error} />;
  return (
    <div className="shell">
      <a className="skip" href="#main">
        Skip to content
      </a>
      <aside className="side">
        <Link to="/" className="brand">
          <span className="brand-mark" aria-hidden="true" /> {wording.product}
        </Link>
        <nav aria-label="Main">
          <ul>
            {navigation.map(({ to, title }) => (
              <li key={to}>
                <Link to={to} activeOptions={{ exact: to === '/' }} activeProps={{ 'aria-current': 'page' }}>
                  {title}
                </Link>
              </li>
            ))}
          </ul>
        </nav>
        <LiveMark />
        <SessionMenu me={me.data} />
      </aside>
      <main id="main" tabIndex={-1}>
        <Outlet />
      </main>
      <CommandPalette />
      <Shortcuts />
    </div>
  );
}

/** Once, with the address as it was: on the way it becomes that of the sign-in page, which would lead to itself for ever. */
function SignInFirst(): ReactNode {
  const router = useRouter();
  useEffect(() => {
    void router.navigate({ to: '/sign-in', search: { to: router.state.location.href }, replace: true });
  }, [router]);
  return null;
}

function LiveMark(): ReactNode {
  const isLive = useContext(LiveContext);
  return (
    <p className="live-mark" role="status">
      <span aria-hidden="true" className={isLive ? 'dot dot-live' : 'dot'} /> {isLive ? wording.live : wording.polling}
    </p>
  );
}

export function NotFound(): ReactNode {
  return (
    <main className="lone">
      <EmptyState title="There is no such page">
        <Link to="/">{wording.nav.home}</Link>
      </EmptyState>
    </main>
  );
}
