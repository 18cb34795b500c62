import type { ReactNode } from 'react';

import { TabbedPage } from '../../kit/tabbed-page';
import { wording } from '../../wording';
import { OwnAccess } from './own-access';
import { PeopleList } from './people-list';
import { PublishedGrants } from './published-grants';
import { TeamList } from './team-list';
import { Tokens } from './tokens';

export function AccessPage(): ReactNode {
  return (
    <TabbedPage
      title={wording.nav.access}
      label="People and access"
      views={[
        { id: 'me', title: 'What I may do', content: () => <OwnAccess /> },
        { id: 'tokens', title: 'API tokens', content: () => <Tokens /> },
        { id: 'people', title: 'People', content: () => <PeopleList /> },
        { id: 'teams', title: 'Teams', content: () => <TeamList /> },
        { id: 'grants', title: 'Grants', content: () => <PublishedGrants /> },
      ]}
    />
  );
}
