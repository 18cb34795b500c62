import type { EditorView } from '@codemirror/view';
import type { ReactNode, RefObject } from 'react';
import { useEffect, useRef } from 'react';

import type { AnswerOf } from '../../../typed/types';
import { readApi, sendApi } from '../../api';
import { createYamlEditor, offsetAt } from './yaml-codemirror';

export type AuthoringProblem = AnswerOf<'POST /definitions/lint'>['problems'][number];

export interface YamlEditorHandle {
  readonly replace: (text: string) => void;
  readonly goTo: (place: { readonly line: number; readonly column: number }) => void;
}

export interface YamlEditorProps {
  readonly initial: string;
  /** How the linter calls it, and what lies beside it. */
  readonly source: { readonly name: string; readonly files: { readonly [file: string]: string } };
  readonly handle: RefObject<YamlEditorHandle | null>;
  readonly onText: (text: string) => void;
  /** Null: the text has changed since it was checked. */
  readonly onProblems: (problems: readonly AuthoringProblem[] | null) => void;
}

/** The editor lives outside of React; React says what it is told, and it tells what is typed. */
export function YamlEditor(props: YamlEditorProps): ReactNode {
  const host = useRef<HTMLDivElement>(null);
  const latest = useRef(props);
  useEffect(() => {
    latest.current = props;
  });
  useEffect(() => {
    const element = host.current;
    if (element === null) return undefined;
    const view = createYamlEditor(element, {
      text: latest.current.initial,
      schemaOf: readSchema,
      async check(text) {
        const { name, files } = latest.current.source;
        const { problems } = await sendApi('POST /definitions/lint', {}, { sources: [{ name, text, files }] });
        latest.current.onProblems(problems);
        return problems;
      },
      onText(text) {
        latest.current.onProblems(null);
        latest.current.onText(text);
      },
    });
    latest.current.handle.current = handleOf(view);
    return () => view.destroy();
  }, []);
  return (
    <>
      <div ref={host} className="yaml-editor" />
      <p className="hint">
        <kbd>Ctrl Space</kbd> completes, <kbd>Tab</kbd> indents; <kbd>Esc</kbd>, then <kbd>Tab</kbd> leaves the editor.
      </p>
    </>
  );
}

function handleOf(view: EditorView): YamlEditorHandle {
  return {
    replace: (text) => view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } }),
    goTo(place) {
      view.dispatch({ selection: { anchor: offsetAt(view.state.doc, place) }, scrollIntoView: true });
      view.focus();
    },
  };
}

const schemas = new Map<string, Promise<unknown>>();

/** They change with a release only. */
function readSchema(kind: string | null): Promise<unknown> {
  const name = kind ?? 'all';
  const known = schemas.get(name) ?? readApi('GET /schemas/:kind', { params: { kind: name } }).catch(() => null);
  schemas.set(name, known);
  return known;
}
