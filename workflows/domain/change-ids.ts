/** Changes and runs share the names of their streams and workflows: what begins with this letter is a change. */
const changeLetter = 'c';
const runLetter = 'r';

export function isChangeId(id: string): boolean {
  return id.startsWith(changeLetter);
}

/** The one run that a change starts has the same characters. */
export function runOfChange(changeId: string): string {
  return `${runLetter}${changeId.slice(changeLetter.length)}`;
}
