/** Deeper than any document that people write; what reads such values level by level must not run out of stack. */
const deepest = 500;

/**
 * What makes a value unfit for everything behind the API, whatever its schema: the database knows no text with a NUL character, and
 * nothing is as deep as what somebody sends to break a program. Null: nothing.
 */
export function flawOf(value: unknown): string | null {
  const rest: { readonly value: unknown; readonly depth: number }[] = [{ value, depth: 0 }];
  for (let next = rest.pop(); next !== undefined; next = rest.pop()) {
    const { value: found, depth } = next;
    if (typeof found === 'string' && found.includes('\u0000')) return 'a text in it holds a NUL character';
    if (typeof found !== 'object' || found === null) continue;
    if (depth >= deepest) return `it is nested deeper than ${deepest} levels`;
    for (const [name, inner] of Object.entries(found)) {
      if (name.includes('\u0000')) return 'a name in it holds a NUL character';
      rest.push({ value: inner, depth: depth + 1 });
    }
  }
  return null;
}
