import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useEffect, useState } from 'react';

import { sendApi } from '../../api';
import type { ApiProblem } from '../../api';
import { EmptyState } from '../../kit/empty-state';
import { Loaded } from '../../kit/loaded';
import { Section } from '../../kit/page';
import { addressed } from '../../request';
import type { ChangePreview } from './change-types';
import type { Draft } from './draft-model';
import { Forecast } from './forecast';

/** Whoever types is not asked about every letter. */
const typingMs = 700;

const route = 'POST /changes/plan';

/** What submitting the draft would say, while it is written. Null: something is still missing. */
export function DraftForecast({ draft }: { readonly draft: Draft | null }): ReactNode {
  const asked = useSettled(draft === null ? '' : JSON.stringify(draft));
  const query = useQuery<ChangePreview, ApiProblem>({
    queryKey: [addressed(route, {}).path, asked],
    queryFn: () => sendApi(route, {}, { draft: JSON.parse(asked) }),
    enabled: asked !== '',
    placeholderData: (previous) => previous,
  });
  return (
    <Section title="What submitting it would say">
      {asked === '' ? (
        <EmptyState title="Not whole yet">
          Plan, risk, approvers and conflicts are shown here as soon as model, runbook, title, window and inputs are
          there.
        </EmptyState>
      ) : (
        <Loaded query={query}>{(preview) => <Forecast preview={preview} />}</Loaded>
      )}
    </Section>
  );
}

/** A text once it has stopped changing. */
function useSettled(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = window.setTimeout(() => setSettled(text), typingMs);
    return () => window.clearTimeout(timer);
  }, [text]);
  return settled;
}
