/** Rows for one statement: far below the parameter limits of both databases (32,766 and 65,535), whatever the table's width. */
const rowsPerStatement = 100;

export function* inChunks<T>(items: readonly T[]): Generator<readonly T[]> {
  for (let start = 0; start < items.length; start += rowsPerStatement)
    yield items.slice(start, start + rowsPerStatement);
}
