/** One line of the table: a figure of ours, and what it is held against. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: 'µs' | 'ms' | 'runs/s' | 'MB';
  /** What `design` wants, in words; empty where it wants nothing. */
  readonly target: string;
  /** The other side, measured in the same run. */
  readonly against?: { readonly name: string; readonly value: number };
}

export function printTable(figures: readonly Figure[]): string {
  const rows = figures.map((figure) => [
    figure.name,
    `${round(figure.value)} ${figure.unit}`,
    figure.target,
    figure.against === undefined ? '' : `${figure.against.name} ${round(figure.against.value)} ${figure.unit}`,
    figure.against === undefined ? '' : `× ${round(figure.value / figure.against.value)}`,
  ]);
  const header = ['figure', 'measured', 'wanted', 'against', 'ratio'];
  const widths = header.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  return [header, ...rows]
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function round(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toFixed(2);
}
