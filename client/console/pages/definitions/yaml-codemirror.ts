import { autocompletion } from '@codemirror/autocomplete';
import type { Completion, CompletionContext, CompletionResult } from '@codemirror/autocomplete';
import { yaml } from '@codemirror/lang-yaml';
import { HighlightStyle, defaultHighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { lintGutter, lintKeymap, linter } from '@codemirror/lint';
import type { Diagnostic } from '@codemirror/lint';
import { EditorState } from '@codemirror/state';
import type { Extension, Text } from '@codemirror/state';
import { EditorView, highlightActiveLine, keymap, lineNumbers } from '@codemirror/view';

import { editingKeys } from './editor-keys';
import { schemaWords } from './schema-words';
import type { SchemaWord } from './schema-words';
import { yamlPlace } from './yaml-place';

export interface EditorOptions {
  readonly text: string;
  readonly schemaOf: (kind: string | null) => Promise<unknown>;
  readonly check: (text: string) => Promise<readonly TextProblem[]>;
  readonly onText: (text: string) => void;
}

export interface TextProblem {
  /** From 1. */
  readonly line: number;
  readonly column: number;
  readonly message: string;
  readonly hint: string;
}

/** Whoever types is not corrected within a word. */
const checkAfterMs = 600;

/** In a shadow root: there its styles are adopted sheets, which the content security policy lets pass. */
export function createYamlEditor(host: HTMLElement, options: EditorOptions): EditorView {
  const root = host.shadowRoot ?? host.attachShadow({ mode: 'open' });
  return new EditorView({
    parent: root,
    root,
    state: EditorState.create({ doc: options.text, extensions: extensionsOf(options) }),
  });
}

/** Where a line and a column stand in a text that may have become shorter since. */
export function offsetAt(text: Text, { line, column }: Pick<TextProblem, 'line' | 'column'>): number {
  const found = text.line(Math.min(Math.max(1, line), text.lines));
  return Math.min(found.to, found.from + Math.max(0, column - 1));
}

function extensionsOf({ schemaOf, check, onText }: EditorOptions): readonly Extension[] {
  return [
    lineNumbers(),
    highlightActiveLine(),
    EditorState.tabSize.of(2),
    yaml(),
    syntaxHighlighting(colours),
    editingKeys(),
    keymap.of(lintKeymap),
    autocompletion({ icons: false, override: [(context) => complete(context, schemaOf)] }),
    lintGutter(),
    linter(async ({ state }) => diagnosticsOf(state.doc, await check(state.doc.toString())), { delay: checkAfterMs }),
    EditorView.lineWrapping,
    EditorView.contentAttributes.of({ 'aria-label': 'YAML of the definition', spellcheck: 'false', tabindex: '0' }),
    EditorView.updateListener.of(({ docChanged, state }) => {
      if (docChanged) onText(state.doc.toString());
    }),
    theme,
  ];
}

function diagnosticsOf(text: Text, problems: readonly TextProblem[]): readonly Diagnostic[] {
  return problems.map((problem) => {
    const from = offsetAt(text, problem);
    const word = /^[^\s,:}\]]+/.exec(text.sliceString(from, text.lineAt(from).to))?.[0] ?? '';
    const message = [problem.message, problem.hint].filter((part) => part !== '').join(' ');
    return { from, to: from + word.length, severity: 'error', message };
  });
}

async function complete(
  context: CompletionContext,
  schemaOf: EditorOptions['schemaOf'],
): Promise<CompletionResult | null> {
  const place = yamlPlace(context.state.doc.toString(), context.pos);
  if (place === null || (place.from === context.pos && !context.explicit)) return null;
  const words = schemaWords(await schemaOf(place.kind), place);
  if (words.length === 0) return null;
  return {
    from: place.from,
    options: words.map((word) => (place.key === null ? keyCompletion(word) : { label: word.word })),
    validFor: /^[\w./-]*$/,
  };
}

function keyCompletion({ word, required, detail, nested }: SchemaWord): Completion {
  return {
    label: word,
    apply: nested ? `${word}:` : `${word}: `,
    type: 'property',
    detail: required ? `${detail} · required` : detail,
    boost: required ? 1 : 0,
  };
}

const inks: { readonly [colour: string]: string } = {
  '#00c': 'var(--accent)',
  '#a11': 'var(--good)',
  '#e40': 'var(--odd)',
  '#940': 'var(--muted)',
  '#708': 'var(--odd)',
  '#219': 'var(--odd)',
  '#164': 'var(--wait)',
  '#f00': 'var(--bad)',
};

/** The default colours are for white paper; these are those of the console, light and dark. */
const colours = HighlightStyle.define(
  defaultHighlightStyle.specs.map(({ tag, color }) => ({
    tag,
    color: (typeof color === 'string' ? inks[color] : undefined) ?? 'var(--text)',
  })),
);

const theme = EditorView.theme({
  '&': {
    color: 'var(--text)',
    backgroundColor: 'var(--sunken)',
    border: '1px solid var(--line)',
    borderRadius: 'var(--radius)',
    maxHeight: '70vh',
  },
  '&.cm-focused': { outline: '2px solid var(--accent)', outlineOffset: '1px' },
  '.cm-scroller': { fontFamily: 'var(--mono)', fontSize: '13px', lineHeight: '1.5', overflow: 'auto' },
  '.cm-content': { caretColor: 'var(--text)', minHeight: '40vh' },
  '.cm-gutters': { backgroundColor: 'var(--sunken)', color: 'var(--muted)', border: 'none' },
  '.cm-activeLine': { backgroundColor: 'color-mix(in oklab, var(--accent-soft) 55%, transparent)' },
  '.cm-tooltip': {
    backgroundColor: 'var(--raised)',
    color: 'var(--text)',
    border: '1px solid var(--line-strong)',
    borderRadius: 'var(--radius)',
  },
  '.cm-tooltip-autocomplete ul li[aria-selected]': { backgroundColor: 'var(--accent)', color: 'var(--accent-text)' },
  '.cm-completionDetail': { color: 'inherit', fontStyle: 'normal', marginLeft: '1.5em' },
  '.cm-diagnostic-error': { borderLeft: '3px solid var(--bad)' },
});
