import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';

import { useFilters } from '../../filters';
import { EmptyState } from '../../kit/empty-state';
import { Filters } from '../../kit/filters';
import { Page, Section } from '../../kit/page';
import { Paged } from '../../kit/paged';
import { useWhole } from '../../use-api';
import { wording } from '../../wording';

/** Which runbook? */
export function RunbooksPage(): ReactNode {
  const [{ q = '' }] = useFilters();
  const pages = useWhole('GET /definitions', { query: { kind: 'Runbook' } }, q !== '');
  return (
    <Page title={wording.startRun}>
      <Filters fields={[{ kind: 'text', name: 'q', title: 'Search', placeholder: 'part of a name' }]} />
      <Section title="Published runbooks">
        <Paged query={pages}>
          {(all) => (
            <Names names={[...new Set(all.flatMap((page) => page.definitions.map(({ name }) => name)))]} text={q} />
          )}
        </Paged>
      </Section>
    </Page>
  );
}

function Names({ names, text }: { readonly names: readonly string[]; readonly text: string }): ReactNode {
  const found = names.filter((name) => name.toLowerCase().includes(text.toLowerCase())).toSorted();
  if (found.length === 0)
    return (
      <EmptyState title={names.length === 0 ? 'No runbook is published' : 'No runbook is called so'}>
        Publish one with <code className="mono">mainstay apply FILE</code>.
      </EmptyState>
    );
  return (
    <ul className="rows">
      {found.map((name) => (
        <li key={name}>
          <Link className="row-main" to="/start/$runbook" params={{ runbook: name }}>
            {name}
          </Link>
        </li>
      ))}
    </ul>
  );
}
