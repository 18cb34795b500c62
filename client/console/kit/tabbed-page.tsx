import type { ReactNode } from 'react';

import { Page } from './page';
import { Tabs } from './tabs';
import type { Tab } from './tabs';

export interface TabbedPageProps {
  readonly title: string;
  /** Says what the tabs are; read out, not shown. */
  readonly label: string;
  readonly views: readonly Tab[];
}

/** A place of several views; the chosen one is in the address: `?view=people`. */
export function TabbedPage({ title, label, views }: TabbedPageProps): ReactNode {
  return (
    <Page title={title}>
      <Tabs label={label} name="view" tabs={views} />
    </Page>
  );
}
