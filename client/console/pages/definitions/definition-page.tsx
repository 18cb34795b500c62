import { Link, useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';

import type { AnswerOf } from '../../../typed/types';
import type { DefinitionView } from '../../answers';
import { useFilters } from '../../filters';
import { Code } from '../../kit/code';
import { Loaded } from '../../kit/loaded';
import { Page, Section } from '../../kit/page';
import type { Column } from '../../kit/table';
import { Table } from '../../kit/table';
import { Tabs } from '../../kit/tabs';
import { Time } from '../../kit/time';
import { useRead } from '../../use-api';
import { wording } from '../../wording';
import { DefinitionDiff } from './definition-diff';
import type { Named } from './definition-diff';
import { RunbookGraph } from './runbook-graph';

type Version = AnswerOf<'GET /definitions/:kind/:name/versions'>['versions'][number];

export function DefinitionPage(): ReactNode {
  const { kind = '', name = '' } = useParams({ strict: false });
  const [{ version }] = useFilters();
  const query = useRead('GET /definitions/:kind/:name', { params: { kind, name }, filters: { version } });
  return (
    <Page
      title={name}
      heading={
        <>
          {name} <span className="muted">{kind}</span>
        </>
      }
      actions={<Actions kind={kind} name={name} version={version} />}
    >
      <Loaded query={query}>{(view) => <Definition view={view} />}</Loaded>
    </Page>
  );
}

function Actions({ kind, name, version }: Named & { readonly version: string | undefined }): ReactNode {
  return (
    <>
      {kind === 'Runbook' && (
        <>
          <Link className="button button-primary" to="/start/$runbook" params={{ runbook: name }}>
            {wording.startRun}
          </Link>
          <Link className="button" to="/changes/new" search={{ runbook: name }}>
            Open a change
          </Link>
        </>
      )}
      {kind === 'BackupPlan' && (
        <Link className="button" to="/backups/$plan" params={{ plan: name }}>
          Its backups
        </Link>
      )}
      <Link className="button" to="/editor" search={{ kind, name, ...(version === undefined ? {} : { version }) }}>
        Edit
      </Link>
    </>
  );
}

function Definition({ view }: { readonly view: DefinitionView }): ReactNode {
  const { kind, name, version, digest, text, files } = view;
  const named = { kind, name };
  const versions = useRead('GET /definitions/:kind/:name/versions', { params: named });
  const graph = { id: 'graph', title: 'Graph', content: () => <RunbookGraph text={text} /> };
  return (
    <Tabs
      label={`Parts of ${name}`}
      tabs={[
        {
          id: 'text',
          title: `Text of ${version}`,
          content: () => (
            <Section title={`Version ${version}`} aside={<span className="mono muted">{digest.slice(0, 12)}</span>}>
              <Code label={`${kind} ${name}`} text={text} />
              {Object.keys(files).length > 0 && <p className="hint">Files: {Object.keys(files).join(', ')}</p>}
            </Section>
          ),
        },
        ...(kind === 'Runbook' ? [graph] : []),
        {
          id: 'versions',
          title: 'Versions',
          content: () => (
            <Section title="Versions">
              <Loaded query={versions}>
                {(list) => (
                  <Table
                    label={`Versions of ${name}`}
                    columns={columnsOf(view)}
                    rows={list.versions}
                    rowKey={(row) => row.version}
                    empty={null}
                  />
                )}
              </Loaded>
            </Section>
          ),
        },
        {
          id: 'diff',
          title: 'Differences',
          content: () => (
            <Loaded query={versions}>
              {(list) => <DefinitionDiff named={named} versions={list.versions.map((each) => each.version)} />}
            </Loaded>
          ),
        },
      ]}
    />
  );
}

function columnsOf({ kind, name }: Named): readonly Column<Version>[] {
  return [
    {
      title: 'Version',
      cell: ({ version }) => (
        <Link to="/definitions/$kind/$name" params={{ kind, name }} search={{ version }}>
          {version}
        </Link>
      ),
    },
    { title: 'Published', cell: ({ publishedAt }) => <Time at={publishedAt} /> },
    { title: 'By', cell: ({ publishedBy }) => publishedBy ?? '–' },
    {
      title: 'Digest',
      cell: ({ digest }) => (
        <span className="mono" title={digest}>
          {digest.slice(0, 12)}
        </span>
      ),
      isMinor: true,
    },
  ];
}
