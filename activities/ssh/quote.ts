/** One word of POSIX sh, whatever the text holds. The only place where text becomes part of a program (design: one place). */
export function quote(text: string): string {
  if (text.includes('\0')) throw new TypeError('Cannot quote text for a shell: it holds a NUL');
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** `NAME='value'`; the name is checked, since it cannot be quoted. */
export function assignment(name: string, value: string): string {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) throw new TypeError(`Cannot set variable "${name}": not a valid name`);
  return `${name}=${quote(value)}`;
}
