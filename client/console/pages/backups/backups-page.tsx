import type { ReactNode } from 'react';

import { Page } from '../../kit/page';
import { Tabs } from '../../kit/tabs';
import { wording } from '../../wording';
import { BackupOperations } from './backup-operations';
import { BackupPlans } from './backup-plans';
import { DrillCalendar } from './drill-calendar';
import { ScoreCards } from './score-cards';

export function BackupsPage(): ReactNode {
  return (
    <Page title={wording.nav.backups}>
      <Tabs
        label="Ways to look at backups"
        name="view"
        tabs={[
          { id: 'scores', title: 'Score cards', content: () => <ScoreCards /> },
          { id: 'plans', title: 'Plans', content: () => <BackupPlans /> },
          { id: 'drills', title: 'Drills', content: () => <DrillCalendar /> },
          { id: 'operations', title: 'Operations', content: () => <BackupOperations /> },
        ]}
      />
    </Page>
  );
}
