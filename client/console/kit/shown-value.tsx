import type { ReactNode } from 'react';

import type { Json } from '../../../workflows/domain/json';
import { Code } from './code';

/** A value that a run shows: a word as a word, a text of lines and everything nested as it is written. */
export function ShownValue({ value, label }: { readonly value: Json; readonly label: string }): ReactNode {
  if (value === null) return <span className="muted">none</span>;
  if (typeof value === 'number' || typeof value === 'boolean') return <span>{String(value)}</span>;
  if (typeof value === 'string')
    return value.includes('\n') ? <Code text={value} label={label} /> : <span>{value}</span>;
  return <Code text={JSON.stringify(value, null, 2)} label={label} />;
}
