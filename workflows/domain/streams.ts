/** The journal stream of a run, and of every other process (D4). */
export function streamOf(processId: string): string {
  return `run/${processId}`;
}
