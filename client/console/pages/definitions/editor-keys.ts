import type { EditorState, Extension } from '@codemirror/state';
import { EditorSelection } from '@codemirror/state';
import { ViewPlugin } from '@codemirror/view';
import type { EditorView, KeyBinding, ViewUpdate } from '@codemirror/view';

/** Keys of an editor for indented text. Tab goes on to the next control, as everywhere on the page. */
export const editingKeys: readonly KeyBinding[] = [
  { key: 'Enter', run: newLine },
  { key: 'Mod-]', run: (view) => shiftLines(view, 2) },
  { key: 'Mod-[', run: (view) => shiftLines(view, -2) },
  { key: 'Mod-z', run: (view) => view.plugin(history)?.go('past') ?? false, preventDefault: true },
  {
    key: 'Mod-y',
    mac: 'Mod-Shift-z',
    run: (view) => view.plugin(history)?.go('future') ?? false,
    preventDefault: true,
  },
  { key: 'Mod-Shift-z', run: (view) => view.plugin(history)?.go('future') ?? false, preventDefault: true },
];

/** The next line begins below this one, or two further in after a colon. */
function newLine(view: EditorView): boolean {
  view.dispatch(
    view.state.changeByRange((range) => {
      const line = view.state.doc.lineAt(range.from);
      const before = line.text.slice(0, range.from - line.from);
      const indent = /^\s*(?:- )?/.exec(before)?.[0].replaceAll('-', ' ') ?? '';
      const insert = `\n${indent}${before.trimEnd().endsWith(':') ? '  ' : ''}`;
      return {
        changes: { from: range.from, to: range.to, insert },
        range: EditorSelection.cursor(range.from + insert.length),
      };
    }),
    { scrollIntoView: true, userEvent: 'input' },
  );
  return true;
}

function shiftLines(view: EditorView, by: number): boolean {
  const { doc, selection } = view.state;
  const { from, to } = selection.main;
  const first = doc.lineAt(from).number;
  const changes = Array.from({ length: doc.lineAt(to).number - first + 1 }, (_, index) => {
    const line = doc.line(first + index);
    const indent = line.text.length - line.text.trimStart().length;
    return by > 0
      ? { from: line.from, insert: ' '.repeat(by) }
      : { from: line.from, to: line.from + Math.min(indent, -by) };
  });
  view.dispatch({ changes, userEvent: 'input.indent' });
  return true;
}

/** Letters that are typed without a pause are one step back. */
const pauseMs = 500;
const mostSteps = 500;

/** Undo and redo: states of the text, gathered by pauses of whoever types. */
class UndoHistory {
  #past: readonly EditorState[] = [];
  #future: readonly EditorState[] = [];
  #changedAt = 0;
  #isGoing = false;

  constructor(private readonly view: EditorView) {}

  update({ docChanged, startState }: ViewUpdate): void {
    if (!docChanged || this.#isGoing) return;
    const now = performance.now();
    if (now - this.#changedAt > pauseMs) this.#past = [...this.#past, startState].slice(-mostSteps);
    this.#changedAt = now;
    this.#future = [];
  }

  go(where: 'past' | 'future'): boolean {
    const steps = where === 'past' ? this.#past : this.#future;
    const to = steps.at(-1);
    if (to === undefined) return false;
    const now = this.view.state;
    if (where === 'past') [this.#past, this.#future] = [steps.slice(0, -1), [...this.#future, now]];
    else [this.#past, this.#future] = [[...this.#past, now], steps.slice(0, -1)];
    this.#isGoing = true;
    this.view.dispatch({
      changes: { from: 0, to: now.doc.length, insert: to.doc },
      selection: EditorSelection.cursor(Math.min(to.selection.main.head, to.doc.length)),
      scrollIntoView: true,
    });
    this.#isGoing = false;
    this.#changedAt = 0;
    return true;
  }
}

const history = ViewPlugin.fromClass(UndoHistory);

export function undoHistory(): Extension {
  return history;
}
