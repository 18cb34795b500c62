import type { ReactNode } from 'react';

import { Page } from '../../kit/page';
import { Tabs } from '../../kit/tabs';
import { wording } from '../../wording';
import { AuditJournal } from './audit-journal';
import { AuditSessions } from './audit-sessions';

export function AuditPage(): ReactNode {
  return (
    <Page title={wording.nav.audit}>
      <Tabs
        label="Parts of the audit"
        name="view"
        tabs={[
          { id: 'journal', title: 'Journal', content: () => <AuditJournal /> },
          { id: 'sessions', title: 'Signed in', content: () => <AuditSessions /> },
        ]}
      />
    </Page>
  );
}
