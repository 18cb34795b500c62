import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useRef, useState } from 'react';

import { Button } from '../../kit/button';
import { Section } from '../../kit/page';
import { Problem } from '../../kit/problem';
import { useToast } from '../../kit/toast';
import { useRefusal } from '../../permission';
import { useSend } from '../../use-api';
import { EditorProblems } from './editor-problems';
import { RunbookGraph } from './runbook-graph';
import { headingOf, versionHint, withVersion } from './version-model';
import type { PublishedText } from './version-model';
import { YamlEditor } from './yaml-editor';
import type { AuthoringProblem, YamlEditorHandle } from './yaml-editor';

export interface EditorProps {
  readonly text: string;
  /** What lies beside it, in base64. */
  readonly files: { readonly [file: string]: string };
  /** What is published under its name; null: nothing is. */
  readonly newest: PublishedText | null;
}

/** YAML with completion, the linter's messages where they belong, and publishing. */
export function Editor({ text: given, files, newest }: EditorProps): ReactNode {
  const [text, setText] = useState(given);
  const [problems, setProblems] = useState<readonly AuthoringProblem[] | null>(null);
  const handle = useRef<YamlEditorHandle | null>(null);
  const heading = headingOf(text);
  const source = { name: `${heading?.name ?? 'definition'}.yaml`, files };
  return (
    <div className="editor">
      <Section title="Text" aside={<Publish source={{ ...source, text }} newest={newest} problems={problems} />}>
        <VersionHint
          text={text}
          newest={newest}
          onVersion={(version) => handle.current?.replace(withVersion(text, version))}
        />
        <YamlEditor initial={given} source={source} handle={handle} onText={setText} onProblems={setProblems} />
        <EditorProblems problems={problems} onGo={(problem) => handle.current?.goTo(problem)} />
      </Section>
      {heading?.kind === 'Runbook' && <RunbookGraph text={text} />}
    </div>
  );
}

interface HintProps {
  readonly text: string;
  readonly newest: PublishedText | null;
  readonly onVersion: (version: string) => void;
}

const steps = ['a correction', 'something new', 'other than before'] as const;

/** A published version is immutable: which one comes next depends on what was changed. */
function VersionHint({ text, newest, onVersion }: HintProps): ReactNode {
  const hint = versionHint(text, newest);
  if (hint.kind === 'fine') return null;
  return (
    <p className="note" role="note">
      Version {hint.newest} is published and stays as it is. Raise the version:{' '}
      {hint.next.map((version, index) => (
        <button key={version} type="button" className="button button-quiet" onClick={() => onVersion(version)}>
          {version} ({steps[index]})
        </button>
      ))}
    </p>
  );
}

interface PublishProps {
  readonly source: { readonly name: string; readonly text: string; readonly files: EditorProps['files'] };
  readonly newest: PublishedText | null;
  readonly problems: readonly AuthoringProblem[] | null;
}

function Publish({ source, newest, problems }: PublishProps): ReactNode {
  const tell = useToast();
  const navigate = useNavigate();
  const forbidden = useRefusal('definition.write');
  const send = useSend('POST /definitions', {}, ({ definitions }) => {
    tell(definitions.map(({ name, version, result }) => `${name} ${version}: ${result}`).join(', '));
    const [first] = definitions;
    if (first !== undefined)
      void navigate({ to: '/definitions/$kind/$name', params: { kind: first.kind, name: first.name } });
  });
  return (
    <span className="publish">
      <Button
        tone="primary"
        refused={forbidden ?? publishRefusal(problems, versionHint(source.text, newest).kind === 'raise')}
        isBusy={send.isPending}
        onClick={() => send.mutate({ sources: [source] })}
      >
        Publish
      </Button>
      <Problem error={send.error} />
    </span>
  );
}

function publishRefusal(problems: readonly AuthoringProblem[] | null, needsVersion: boolean): string | null {
  if (problems === null) return 'It is being checked.';
  if (problems.length > 0)
    return problems.length === 1
      ? 'One problem is to be solved first.'
      : `${problems.length} problems are to be solved first.`;
  return needsVersion ? 'Raise its version first: a published version is immutable.' : null;
}
