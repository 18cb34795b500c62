import { useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';

import { Badge } from '../../kit/badge';
import { Loaded } from '../../kit/loaded';
import { Page, Section } from '../../kit/page';
import { Told } from '../../kit/told';
import { useRead } from '../../use-api';
import { ChangeActions } from './change-actions';
import { ChangeBadge } from './change-badge';
import { ChangeConflicts } from './change-conflicts';
import { ChangeDecision } from './change-decision';
import { ChangeFacts } from './change-facts';
import { ChangeRun } from './change-run';
import { ChangeStateLine } from './change-state-line';
import { ChangeTimeline } from './change-timeline';
import type { ChangeView } from './change-types';

export function ChangePage(): ReactNode {
  const { change: ref = '' } = useParams({ strict: false });
  const query = useRead('GET /changes/:ref', { params: { ref } });
  return <Loaded query={query}>{(change) => <Change change={change} />}</Loaded>;
}

function Change({ change }: { readonly change: ChangeView }): ReactNode {
  const { number, title, flags } = change;
  return (
    <Page
      title={`CHG-${number} ${title}`}
      heading={
        <>
          CHG-{number} {title} <ChangeBadge change={change} />
          {flags.map((flag) => (
            <Badge key={flag} tone="bad">
              {flag}
            </Badge>
          ))}
        </>
      }
      actions={<ChangeActions change={change} />}
    >
      <ChangeStateLine change={change} />
      <div className="columns">
        <Section title="What and when">
          <ChangeFacts change={change} />
        </Section>
        <ChangeConflicts change={change} />
      </div>
      <ChangeDecision change={change} />
      <ChangeRun change={change} />
      <Told about={`change/${change.id}`} />
      <ChangeTimeline change={change} />
    </Page>
  );
}
