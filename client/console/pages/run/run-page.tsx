import { useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';

import { Loaded } from '../../kit/loaded';
import { Page } from '../../kit/page';
import { RunBadge } from '../../kit/state-badge';
import { Tabs } from '../../kit/tabs';
import { Told } from '../../kit/told';
import { useRead } from '../../use-api';
import { RunActions } from './run-actions';
import { RunHeader } from './run-header';
import { RunJournal } from './run-journal';
import { RunOutput } from './run-output';
import { RunPlanView } from './run-plan';
import { RunProgress } from './run-progress';
import { RunTasks } from './run-tasks';

export function RunPage(): ReactNode {
  const { run: reference = '' } = useParams({ strict: false });
  const view = useRead('GET /runs/:ref', { params: { ref: reference }, query: { hosts: false } });
  const run = view.data;
  if (run === undefined) return <Page title={`Run ${reference}`}>{<Loaded query={view}>{() => null}</Loaded>}</Page>;
  return (
    <Page
      title={`Run ${run.number}`}
      heading={
        <>
          Run {run.number} <RunBadge run={run} />
        </>
      }
      actions={<RunActions run={run} />}
    >
      <Loaded query={view}>{(shown) => <RunHeader run={shown} />}</Loaded>
      <RunTasks run={run} />
      <Tabs
        label="Views of the run"
        tabs={[
          { id: 'steps', title: 'Steps', content: () => <RunProgress run={run} /> },
          { id: 'output', title: 'Output', content: () => <RunOutput run={run} /> },
          { id: 'journal', title: 'Journal', content: () => <RunJournal run={run} /> },
          { id: 'plan', title: 'Plan', content: () => <RunPlanView run={run} /> },
          { id: 'told', title: 'Told', content: () => <Told about={`run/${run.id}`} /> },
        ]}
      />
    </Page>
  );
}
