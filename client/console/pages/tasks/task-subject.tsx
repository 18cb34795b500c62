import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';

/** What asks, as a link: `run 7`, `CHG-12`, or an operation of a backup. */
export function TaskSubject({ runId, name }: { readonly runId: string; readonly name: string }): ReactNode {
  const number = /^run (\d+)$/.exec(name)?.[1];
  if (name.startsWith('CHG-'))
    return (
      <Link to="/changes/$change" params={{ change: name }}>
        {name}
      </Link>
    );
  if (number === undefined) return <span className="muted">{name}</span>;
  return (
    <Link to="/runs/$run" params={{ run: number }}>
      {name === '' ? runId : name}
    </Link>
  );
}
