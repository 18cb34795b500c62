/** Colours, cursor moves and titles of terminals: what is left is what a reader would read. */
const sequences =
  // oxlint-disable-next-line no-control-regex -- control characters are what it is about
  /\u001B(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001B]*(?:\u0007|\u001B\\)?|[@-Z\\^_]|[ -/]+[0-~])/g;
// oxlint-disable-next-line no-control-regex -- as above
const controls = /[\u0000-\u0008\u000B-\u001F\u007F]/g;

export function plainText(line: string): string {
  if (!line.includes('\u001B') && !controls.test(line)) return line;
  controls.lastIndex = 0;
  // A progress bar writes its line again and again: the last one stands.
  const last = line.replace(/\r+$/, '').split('\r').at(-1) ?? '';
  return last.replace(sequences, '').replace(controls, '');
}
