import type { ReactNode } from 'react';

import { Loaded } from '../../kit/loaded';
import { Section } from '../../kit/page';
import { useRead } from '../../use-api';
import type { ChangeView } from './change-types';
import { Forecast } from './forecast';

/** A draft has no plan yet: what submitting it would say now. */
export function ChangeForecast({ change }: { readonly change: ChangeView }): ReactNode {
  const query = useRead('GET /changes/:ref/plan', { params: { ref: change.id } });
  return (
    <Section title="What submitting it would say now">
      <Loaded query={query}>{(preview) => <Forecast preview={preview} />}</Loaded>
    </Section>
  );
}
