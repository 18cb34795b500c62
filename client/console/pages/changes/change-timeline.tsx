import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';

import { Section } from '../../kit/page';
import { Timeline } from '../../kit/timeline';
import type { ChangeView } from './change-types';

export function ChangeTimeline({ change }: { readonly change: ChangeView }): ReactNode {
  return (
    <Section
      title="Timeline"
      aside={
        <Link to="/audit" search={{ process: `CHG-${change.number}` }}>
          Journal
        </Link>
      }
    >
      <Timeline label={`Timeline of CHG-${change.number}`} facts={change.timeline} />
    </Section>
  );
}
