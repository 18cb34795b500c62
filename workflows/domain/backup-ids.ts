/** Names of streams and workflows are shared by all processes: each sort begins with a letter of its own. */
const keeperLetter = 'k';
const operationLetter = 'b';

/** One for each backup plan. */
export function isKeeperId(id: string): boolean {
  return id.startsWith(keeperLetter);
}

/** One backup, verification, pruning, restore, drill or watch; a set has the id of the operation that made it. */
export function isOperationId(id: string): boolean {
  return id.startsWith(operationLetter);
}
