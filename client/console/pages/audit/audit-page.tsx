import type { ReactNode } from 'react';

import { TabbedPage } from '../../kit/tabbed-page';
import { wording } from '../../wording';
import { AuditJournal } from './audit-journal';
import { AuditSessions } from './audit-sessions';

export function AuditPage(): ReactNode {
  return (
    <TabbedPage
      title={wording.nav.audit}
      label="Parts of the audit"
      views={[
        { id: 'journal', title: 'Journal', content: () => <AuditJournal /> },
        { id: 'sessions', title: 'Signed in', content: () => <AuditSessions /> },
      ]}
    />
  );
}
