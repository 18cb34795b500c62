import { useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useMemo } from 'react';

import type { DefinitionView } from '../../answers';
import { declaredInputs, ownInventory } from '../../form/declared-inputs';
import { Loaded } from '../../kit/loaded';
import { Page } from '../../kit/page';
import { useFilters } from '../../filters';
import { useRead } from '../../use-api';
import { StartForm } from './start-form';

/** A run from a form: what the runbook asks, then what it would do, then the start of just that. */
export function StartPage(): ReactNode {
  const { runbook = '' } = useParams({ strict: false });
  const [{ version }] = useFilters();
  const definition = useRead('GET /definitions/:kind/:name', {
    params: { kind: 'Runbook', name: runbook },
    filters: { version },
  });
  return (
    <Page title={`Start ${runbook}`}>
      <Loaded query={definition}>{(view) => <Start key={view.digest} view={view} />}</Loaded>
    </Page>
  );
}

function Start({ view }: { readonly view: DefinitionView }): ReactNode {
  const declared = useMemo(() => declaredInputs(view.text, view.name), [view.text, view.name]);
  const inventory = useMemo(() => ownInventory(view.text), [view.text]);
  return <StartForm view={view} declared={declared} ownInventory={inventory} />;
}
