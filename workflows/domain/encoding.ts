/** How an interpolated part enters a field of a connector (`language.md` section 4): it can never leave its place in the syntax. */
export type Encoding = 'uri' | 'ldap-dn' | 'ldap-filter' | 'sql-value';

export function encodePart(encoding: Encoding, text: string): string {
  switch (encoding) {
    case 'uri':
      return encodeURIComponent(text).replaceAll(/[!'()*]/g, hexOf);
    case 'ldap-dn':
      return text
        .replaceAll(/[\\,+"<>;=]/g, String.raw`\$&`)
        .replaceAll('\0', String.raw`\00`)
        .replace(/^[ #]/, String.raw`\$&`)
        .replace(/ $/, String.raw`\ `);
    case 'ldap-filter':
      return text.replaceAll(/[\\*()\0]/g, (char) => `\\${char.charCodeAt(0).toString(16).padStart(2, '0')}`);
    case 'sql-value':
      return text.replaceAll("'", "''").replaceAll('\0', '');
  }
}

const entities: { readonly [character: string]: string } = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** For text between tags and within quoted attributes. */
export function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => entities[character] ?? character);
}

function hexOf(char: string): string {
  return `%${char.charCodeAt(0).toString(16).toUpperCase()}`;
}
