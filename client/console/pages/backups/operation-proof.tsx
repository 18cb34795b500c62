import type { ReactNode } from 'react';

import { isList, isObject } from '../../../../workflows/domain/json-values';
import type { Json } from '../../../../workflows/domain/json';
import { Badge } from '../../kit/badge';
import { EmptyState } from '../../kit/empty-state';
import { Section } from '../../kit/page';
import { ShownFact } from '../../kit/shown-fact';
import type { Column } from '../../kit/table';
import { Table } from '../../kit/table';
import type { OperationView } from './backup-types';

/** What was looked at in what was restored, and what is kept to show it to somebody else. */
export function OperationProof({
  operation: { assertions, evidence },
}: {
  readonly operation: OperationView;
}): ReactNode {
  if (assertions.length === 0 && evidence === null) return null;
  return (
    <Section title="Assertions and evidence">
      {assertions.map(({ mutation, results }) => (
        <div key={mutation}>
          <h3>{mutation === '' ? 'On what was restored as it was' : `With the corruption ${mutation}`}</h3>
          <Table
            label={`Assertions ${mutation}`}
            columns={columns}
            rows={isList(results) ? results.map(assertedOf) : []}
            rowKey={({ name, level }) => `${level} ${name}`}
            empty={<EmptyState title="Nothing was asserted" />}
          />
        </div>
      ))}
      {isObject(evidence) && (
        <details>
          <summary>Evidence</summary>
          <dl className="facts">
            {Object.entries(evidence).flatMap(([name, value]) =>
              // It stands above already.
              name === 'assertions' || isEmpty(value) ? [] : [<ShownFact key={name} name={name} value={value} />],
            )}
          </dl>
        </details>
      )}
    </Section>
  );
}

interface Asserted {
  readonly name: string;
  readonly level: string;
  readonly isOk: boolean;
  readonly detail: string;
}

/** Providers write what they looked at; what they leave out is shown as missing. */
function assertedOf(result: Json): Asserted {
  const { name, level, ok, detail } = isObject(result) ? result : {};
  return { name: textOf(name), level: textOf(level), isOk: ok === true, detail: textOf(detail) };
}

function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : '–';
}

function isEmpty(value: Json): boolean {
  return value === null || value === '' || (isList(value) && value.length === 0);
}

const columns: readonly Column<Asserted>[] = [
  { title: 'Asserted', cell: ({ name }) => name },
  { title: 'Held', cell: ({ isOk }) => <Badge tone={isOk ? 'good' : 'bad'}>{isOk ? 'yes' : 'no'}</Badge> },
  { title: 'Shows', cell: ({ level }) => level, isMinor: true },
  { title: 'Found', cell: ({ detail }) => <span className="break">{detail}</span> },
];
