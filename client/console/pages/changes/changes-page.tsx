import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';

import { useFilters } from '../../filters';
import { Page } from '../../kit/page';
import { Tabs } from '../../kit/tabs';
import { wording } from '../../wording';
import { ChangesBoard } from './changes-board';
import { ChangesCalendar } from './changes-calendar';
import { ChangesList } from './changes-list';

export function ChangesPage(): ReactNode {
  const [{ item }] = useFilters();
  return (
    <Page
      title={wording.nav.changes}
      actions={
        <Link className="button button-primary" to="/changes/new" search={item === undefined ? {} : { item }}>
          Open a change
        </Link>
      }
    >
      <Tabs
        label="Ways to look at changes"
        name="view"
        tabs={[
          { id: 'list', title: 'List', content: () => <ChangesList /> },
          { id: 'board', title: 'Board', content: () => <ChangesBoard /> },
          { id: 'calendar', title: 'Calendar', content: () => <ChangesCalendar /> },
        ]}
      />
    </Page>
  );
}
