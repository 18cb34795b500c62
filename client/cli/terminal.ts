/** Where a command writes: data on standard output, progress and problems on standard error. */
export interface Terminal {
  /** Standard output is a terminal: colour and tables. */
  readonly interactive: boolean;
  readonly out: (text: string) => void;
  readonly note: (text: string) => void;
  /** Bytes of a job's output, untouched. */
  readonly outBytes: (bytes: Uint8Array) => void;
}

export function processTerminal(): Terminal {
  return {
    interactive: process.stdout.isTTY,
    out: (text) => void process.stdout.write(`${text}\n`),
    note: (text) => void process.stderr.write(`${text}\n`),
    outBytes: (bytes) => void process.stdout.write(bytes),
  };
}

const styles = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, blue: 34 } as const;

/** Built from its parts: a control character in a pattern is easily overlooked. */
const stylePattern = new RegExp(`${String.fromCharCode(27)}\\[\\d+m`, 'g');

export type Style = keyof typeof styles;

export function styled(terminal: Terminal, style: Style, text: string): string {
  return terminal.interactive ? `\u001b[${styles[style]}m${text}\u001b[0m` : text;
}

/** Aligned columns under a heading on a terminal, tab-separated rows without one in a pipe. */
export function printRows(terminal: Terminal, heading: readonly string[], rows: readonly (readonly string[])[]): void {
  if (!terminal.interactive) {
    for (const row of rows) terminal.out(row.join('\t'));
    return;
  }
  const widths = heading.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => shownWidth(row[column] ?? ''))),
  );
  terminal.out(styled(terminal, 'dim', alignRow(heading, widths)));
  for (const row of rows) terminal.out(alignRow(row, widths));
  if (rows.length === 0) terminal.note('(none)');
}

function alignRow(cells: readonly string[], widths: readonly number[]): string {
  return cells
    .map((cell, column) => cell + ' '.repeat(Math.max(0, (widths[column] ?? 0) - shownWidth(cell))))
    .join('  ')
    .trimEnd();
}

/** Without the escape sequences of `styled`. */
function shownWidth(cell: string): number {
  return cell.replaceAll(stylePattern, '').length;
}

export function printJson(terminal: Terminal, value: unknown): void {
  terminal.out(JSON.stringify(value, null, 2));
}
