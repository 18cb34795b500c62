import type { ReactNode } from 'react';

import { TabbedPage } from '../../kit/tabbed-page';
import { wording } from '../../wording';
import { BackupOperations } from './backup-operations';
import { BackupPlans } from './backup-plans';
import { DrillCalendar } from './drill-calendar';
import { ScoreCards } from './score-cards';

export function BackupsPage(): ReactNode {
  return (
    <TabbedPage
      title={wording.nav.backups}
      label="Ways to look at backups"
      views={[
        { id: 'scores', title: 'Score cards', content: () => <ScoreCards /> },
        { id: 'plans', title: 'Plans', content: () => <BackupPlans /> },
        { id: 'drills', title: 'Drills', content: () => <DrillCalendar /> },
        { id: 'operations', title: 'Operations', content: () => <BackupOperations /> },
      ]}
    />
  );
}
