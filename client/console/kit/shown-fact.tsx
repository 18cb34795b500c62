import type { ReactNode } from 'react';

import type { Json } from '../../../workflows/domain/json';
import { ShownValue } from './shown-value';

export interface ShownFactProps {
  readonly name: string;
  readonly value: Json;
  readonly title?: string;
}

/** A named value as a line among facts. */
export function ShownFact({ name, value, title = name }: ShownFactProps): ReactNode {
  return (
    <>
      <dt>{title}</dt>
      <dd>
        <ShownValue value={value} label={name} />
      </dd>
    </>
  );
}
