import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';

import { isOperationId } from '../../../workflows/domain/backup-ids';
import { isChangeId } from '../../../workflows/domain/change-ids';

export interface ProcessLinkProps {
  /** Of a run, a change or a backup operation. */
  readonly id: string;
  /** How people call it; the id when absent. */
  readonly name?: string | undefined;
}

/** To the page of whatever an id names: its first letter says what it is. */
export function ProcessLink({ id, name = id }: ProcessLinkProps): ReactNode {
  if (isChangeId(id))
    return (
      <Link to="/changes/$change" params={{ change: id }}>
        {name}
      </Link>
    );
  if (isOperationId(id))
    return (
      <Link to="/backup-operations/$operation" params={{ operation: id }}>
        {name}
      </Link>
    );
  if (!/^[0-9r]/.test(id)) return <>{name}</>;
  return (
    <Link to="/runs/$run" params={{ run: id }}>
      {name}
    </Link>
  );
}
