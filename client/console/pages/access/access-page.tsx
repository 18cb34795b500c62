import type { ReactNode } from 'react';

import { Page } from '../../kit/page';
import { Tabs } from '../../kit/tabs';
import { wording } from '../../wording';
import { OwnAccess } from './own-access';
import { PeopleList } from './people-list';
import { PublishedGrants } from './published-grants';
import { TeamList } from './team-list';
import { Tokens } from './tokens';

export function AccessPage(): ReactNode {
  return (
    <Page title={wording.nav.access}>
      <Tabs
        label="People and access"
        name="view"
        tabs={[
          { id: 'me', title: 'What I may do', content: () => <OwnAccess /> },
          { id: 'tokens', title: 'API tokens', content: () => <Tokens /> },
          { id: 'people', title: 'People', content: () => <PeopleList /> },
          { id: 'teams', title: 'Teams', content: () => <TeamList /> },
          { id: 'grants', title: 'Grants', content: () => <PublishedGrants /> },
        ]}
      />
    </Page>
  );
}
