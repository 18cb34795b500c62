import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';

import { EmptyState } from '../../kit/empty-state';

export function NoBackups(): ReactNode {
  return (
    <EmptyState title="No backup plan is published">
      <TeachBackups />
    </EmptyState>
  );
}

export function TeachBackups(): ReactNode {
  return (
    <p>
      A backup plan says how one service is backed up, how long backups are kept, and how it is proven that they can be
      restored.{' '}
      <Link to="/editor" search={{ kind: 'BackupPlan' }}>
        Write one
      </Link>
      , or publish a file with <code>mainstay apply FILE</code>.
    </p>
  );
}
