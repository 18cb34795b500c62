import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';

import { isOperationId } from '../../../../workflows/domain/backup-ids';

/** What asks, as a link: `run 7`, `CHG-12`, or an operation of a backup. */
export function TaskSubject({ runId, name }: { readonly runId: string; readonly name: string }): ReactNode {
  const number = /^run (\d+)$/.exec(name)?.[1];
  if (name.startsWith('CHG-'))
    return (
      <Link to="/changes/$change" params={{ change: name }}>
        {name}
      </Link>
    );
  const plan = /^backups of (.+)$/.exec(name)?.[1];
  if (plan !== undefined)
    return (
      <Link to="/backups/$plan" params={{ plan }}>
        {name}
      </Link>
    );
  if (isOperationId(runId))
    return (
      <Link to="/backup-operations/$operation" params={{ operation: runId }}>
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
