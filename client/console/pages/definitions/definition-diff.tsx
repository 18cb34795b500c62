import type { ReactNode } from 'react';

import { useFilters } from '../../filters';
import { Diff } from '../../kit/code';
import { EmptyState } from '../../kit/empty-state';
import { Field } from '../../kit/field';
import { Loaded } from '../../kit/loaded';
import { Section } from '../../kit/page';
import { useRead } from '../../use-api';

/** A definition, in whatever version. */
export interface Named {
  readonly kind: string;
  readonly name: string;
}

export interface DefinitionDiffProps {
  readonly named: Named;
  /** Newest first. */
  readonly versions: readonly string[];
}

/** Two versions: what differs in meaning, and line by line. Without a choice the newest against the one before. */
export function DefinitionDiff({ named, versions }: DefinitionDiffProps): ReactNode {
  const [filters] = useFilters();
  const from = filters['from'] ?? versions[1];
  const to = filters['to'] ?? versions[0];
  if (from === undefined || to === undefined)
    return <EmptyState title="There is one version only">Differences are shown from the second one on.</EmptyState>;
  return (
    <>
      <search className="filters">
        <VersionChoice name="from" title="From" value={from} versions={versions} />
        <VersionChoice name="to" title="To" value={to} versions={versions} />
      </search>
      <Differences named={named} from={from} to={to} />
    </>
  );
}

interface VersionChoiceProps {
  readonly name: 'from' | 'to';
  readonly title: string;
  readonly value: string;
  readonly versions: readonly string[];
}

/** Unlike a filter it always has a value. */
function VersionChoice({ name, title, value, versions }: VersionChoiceProps): ReactNode {
  const [, setFilters] = useFilters();
  return (
    <Field title={title}>
      {(control) => (
        <select {...control} value={value} onChange={(event) => setFilters({ [name]: event.target.value })}>
          {versions.map((version) => (
            <option key={version}>{version}</option>
          ))}
        </select>
      )}
    </Field>
  );
}

interface DifferencesProps {
  readonly named: Named;
  readonly from: string;
  readonly to: string;
}

function Differences({ named, from, to }: DifferencesProps): ReactNode {
  const query = useRead('GET /definitions/:kind/:name/diff', { params: named, query: { from, to } }, { keep: true });
  return (
    <Loaded query={query}>
      {(diff) => (
        <>
          <Section title="What differs in meaning">
            {diff.changes.length === 0 ? (
              <EmptyState title="Nothing">Only words, order or comments are different.</EmptyState>
            ) : (
              <ul className="differences">
                {diff.changes.map((line) => (
                  <li key={line} className="mono">
                    {line}
                  </li>
                ))}
              </ul>
            )}
          </Section>
          <Section title={`${diff.from.version} → ${diff.to.version}`}>
            <Diff
              label={`Lines of ${diff.from.version} against ${diff.to.version}`}
              before={diff.from.text}
              after={diff.to.text}
            />
          </Section>
        </>
      )}
    </Loaded>
  );
}
