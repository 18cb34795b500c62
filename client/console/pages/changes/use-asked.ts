import { useMemo } from 'react';

import { declaredInputs } from '../../form/declared-inputs';
import { declaredIn } from '../../form/schema-rules';
import { useRead } from '../../use-api';
import type { ChangeModel } from './change-types';
import type { Asked } from './draft-model';

/** What the chosen runbook and model ask for; nothing while they are not known. */
export function useAsked(runbook: string, model: ChangeModel | null): Asked {
  const [name = '', version] = runbook.trim().split('@');
  const definition = useRead(
    'GET /definitions/:kind/:name',
    { params: { kind: 'Runbook', name }, filters: { version: isWhole(version) ? version : undefined } },
    { enabled: name !== '' },
  );
  const text = definition.data?.text;
  const inputs = useMemo(() => (text === undefined ? {} : declaredInputs(text, name)), [text, name]);
  const fields = useMemo(() => declaredIn(model?.spec.fields), [model]);
  return { inputs, fields };
}

/** `1.4.2`; of `1` or `1.4` the newest one is meant, which is what the API answers without a version. */
function isWhole(version: string | undefined): boolean {
  return version !== undefined && version.split('.').length === 3;
}
