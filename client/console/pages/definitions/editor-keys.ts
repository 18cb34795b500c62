import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { EditorSelection } from '@codemirror/state';
import type { Extension } from '@codemirror/state';
import { keymap } from '@codemirror/view';
import type { EditorView } from '@codemirror/view';

/** Tab indents; after Escape it goes on to the next control, or nobody without a mouse would get out again. */
export function editingKeys(): Extension {
  return [history(), keymap.of([{ key: 'Enter', run: newLine }, indentWithTab, ...historyKeymap, ...defaultKeymap])];
}

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
