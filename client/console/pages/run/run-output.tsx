import type { ReactNode } from 'react';
import { useMemo, useState } from 'react';

import type { RunView } from '../../answers';
import { useFilters } from '../../filters';
import { Button } from '../../kit/button';
import { Filters } from '../../kit/filters';
import type { FilterField } from '../../kit/filters';
import { Section } from '../../kit/page';
import { saveText } from '../../save-file';
import { OutputEmpty } from './output-empty';
import { OutputLines } from './output-lines';
import { matchesIn } from './output-buffer';
import { useOutput } from './use-output';
import type { LiveOutput } from './use-output';

/** What hosts write, as they write it. */
export function RunOutput({ run }: { readonly run: RunView }): ReactNode {
  const [{ step = '', host = '', search = '' }] = useFilters();
  const output = useOutput({ runId: run.id, step, host });
  const [isFollowing, setIsFollowing] = useState(true);
  const [match, setMatch] = useState(0);
  const matches = useMemo(() => matchesIn(output.lines, search), [output.lines, search]);
  const at = matches.length === 0 ? null : match % matches.length;
  function go(by: number): void {
    setIsFollowing(false);
    setMatch((now) => (now + by + matches.length) % Math.max(1, matches.length));
  }
  return (
    <Section title="Output" aside={<p role="status">{stateText(output)}</p>}>
      <div className="output-bar">
        <Filters fields={fieldsFor(run)} />
        {search !== '' && <Matches at={at} count={matches.length} onGo={go} />}
        <label>
          <input type="checkbox" checked={isFollowing} onChange={(event) => setIsFollowing(event.target.checked)} />{' '}
          Follow
        </label>
        <Button refused={output.lines.length === 0 ? 'Nothing is shown yet.' : null} onClick={() => save(run, output)}>
          Download what is shown
        </Button>
      </div>
      {output.leftOut > 0 && (
        <p className="muted">{output.leftOut} earlier lines are not shown; the files of each host have everything.</p>
      )}
      {output.lines.length === 0 ? (
        <OutputEmpty run={run} output={output} />
      ) : (
        <OutputLines
          lines={output.lines}
          leftOut={output.leftOut}
          follow={isFollowing}
          current={at === null ? null : (matches[at] ?? null)}
          onLeave={() => setIsFollowing(false)}
        />
      )}
    </Section>
  );
}

function fieldsFor({ steps }: RunView): readonly FilterField[] {
  const paths = [...new Set(steps.map(({ path }) => path))];
  return [
    { kind: 'choice', name: 'step', title: 'Step', options: paths.map((path) => ({ value: path, title: path })) },
    { kind: 'text', name: 'host', title: 'Host', placeholder: 'whole name' },
    { kind: 'text', name: 'search', title: 'Search', placeholder: 'in what is shown' },
  ];
}

interface MatchesProps {
  readonly at: number | null;
  readonly count: number;
  readonly onGo: (by: number) => void;
}

function Matches({ at, count, onGo }: MatchesProps): ReactNode {
  return (
    <p className="output-search">
      <span role="status">{at === null ? 'nothing found' : `${at + 1} of ${count}`}</span>
      <Button aria-label="Previous match" onClick={() => onGo(-1)}>
        ↑
      </Button>
      <Button aria-label="Next match" onClick={() => onGo(1)}>
        ↓
      </Button>
    </p>
  );
}

function stateText({ state, lines }: LiveOutput): string {
  const count = `${lines.length} lines`;
  switch (state) {
    case 'connecting':
      return 'Connecting …';
    case 'open':
      return `Live · ${count}`;
    case 'lost':
      return `Line lost, trying again · ${count}`;
    case 'ended':
      return `Complete · ${count}`;
  }
}

function save({ number }: RunView, { lines }: LiveOutput): void {
  const text = lines.map(({ source, text: line }) => `${source}\t${line}\n`).join('');
  saveText(`run-${number}.output.txt`, text);
}
