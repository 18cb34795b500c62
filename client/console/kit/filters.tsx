import type { ReactNode } from 'react';
import { useEffect, useId, useState } from 'react';

import { useFilters } from '../filters';
import { wording } from '../wording';

export type FilterField =
  | {
      readonly kind: 'choice';
      readonly name: string;
      readonly title: string;
      /** What stands for no choice; absent: any. */
      readonly none?: string;
      readonly options: readonly { readonly value: string; readonly title: string }[];
    }
  | { readonly kind: 'text'; readonly name: string; readonly title: string; readonly placeholder?: string };

/** Filters of a list. They live in the address, so a link shows the same list to somebody else. */
export function Filters({ fields }: { readonly fields: readonly FilterField[] }): ReactNode {
  const [filters, setFilters] = useFilters();
  const isSet = fields.some(({ name }) => (filters[name] ?? '') !== '');
  return (
    <search className="filters">
      {fields.map((field) => (
        <Filter
          key={field.name}
          field={field}
          value={filters[field.name] ?? ''}
          onChange={(value) => setFilters({ [field.name]: value, cursor: '' })}
        />
      ))}
      {isSet && (
        <button
          type="button"
          className="button button-quiet"
          onClick={() => setFilters(Object.fromEntries(fields.map(({ name }) => [name, ''])))}
        >
          {wording.clearFilters}
        </button>
      )}
    </search>
  );
}

interface FilterProps {
  readonly field: FilterField;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

function Filter({ field, value, onChange }: FilterProps): ReactNode {
  const id = useId();
  return (
    <div className="filter">
      <label htmlFor={id}>{field.title}</label>
      {field.kind === 'choice' ? (
        <select id={id} value={value} onChange={(event) => onChange(event.target.value)}>
          <option value="">{field.none ?? wording.any}</option>
          {field.options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.title}
            </option>
          ))}
        </select>
      ) : (
        <TextFilter id={id} value={value} placeholder={field.placeholder ?? ''} onChange={onChange} />
      )}
    </div>
  );
}

/** Whoever types is not interrupted by answers to half a word. */
const typingMs = 250;

interface TextFilterProps {
  readonly id: string;
  readonly value: string;
  readonly placeholder: string;
  readonly onChange: (value: string) => void;
}

function TextFilter({ id, value, placeholder, onChange }: TextFilterProps): ReactNode {
  const [typed, setTyped] = useState(value);
  useEffect(() => setTyped(value), [value]);
  useEffect(() => {
    if (typed === value) return undefined;
    const timer = window.setTimeout(() => onChange(typed), typingMs);
    return () => window.clearTimeout(timer);
  });
  return (
    <input
      id={id}
      type="search"
      value={typed}
      placeholder={placeholder}
      onChange={(event) => setTyped(event.target.value)}
    />
  );
}
