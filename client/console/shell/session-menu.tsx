import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useState } from 'react';

import { sendApi } from '../api';
import type { Me } from '../answers';
import { applyTheme, storedTheme } from '../theme';
import type { Theme } from '../theme';
import { wording } from '../wording';

export function SessionMenu({ me }: { readonly me: Me }): ReactNode {
  const [theme, setTheme] = useState(storedTheme);
  function choose(next: Theme): void {
    applyTheme(next);
    setTheme(next);
  }
  return (
    <div className="session">
      <p className="session-who" title={me.actor}>
        {me.name ?? me.actor} <span className="muted">{me.roles.join(', ')}</span>
      </p>
      <label className="session-theme">
        <span className="session-label">Theme</span>
        <select value={theme} onChange={(event) => choose(themeOf(event.target.value))}>
          <option value="system">System</option>
          <option value="light">Light</option>
          <option value="dark">Dark</option>
        </select>
      </label>
      <Link to="/notifications" className="button button-quiet">
        {wording.notifications}
      </Link>
      <button type="button" className="button button-quiet" onClick={() => void signOut(me)}>
        {wording.signOut}
      </button>
    </div>
  );
}

function themeOf(text: string): Theme {
  return text === 'light' || text === 'dark' ? text : 'system';
}

/** A fresh page afterwards: nothing of what was read stays in memory. The provider's session ends where ours does. */
async function signOut({ source }: Me): Promise<void> {
  if (source === 'oidc') return window.location.assign('/auth/oidc/end');
  await sendApi('POST /sessions/end', {}, {});
  window.location.assign('/sign-in');
}
