/** What stands behind the question mark of an address: texts by name, nothing else. */
export interface Search {
  readonly [name: string]: string;
}

export function parseSearch(text: string): Search {
  return Object.fromEntries([...new URLSearchParams(text)].filter(([, value]) => value !== ''));
}

export function searchText(search: { readonly [name: string]: unknown }): string {
  const given = Object.entries(textsOf(search)).filter(([, value]) => value !== '');
  const text = new URLSearchParams(given).toString();
  return text === '' ? '' : `?${text}`;
}

export function textsOf(search: { readonly [name: string]: unknown }): Search {
  return Object.fromEntries(
    Object.entries(search).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
  );
}

export function withFilters(now: Search, changes: Search): Search {
  return Object.fromEntries(Object.entries({ ...now, ...changes }).filter(([, value]) => value !== ''));
}
