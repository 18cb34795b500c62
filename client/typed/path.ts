/** A list is given as often as it is long. */
export type Query = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;

/** A path with its parts encoded: names of definitions and ids of tasks hold slashes. */
export function apiPath(parts: TemplateStringsArray, ...values: readonly string[]): string {
  return parts.reduce((path, part, index) => path + encodeURIComponent(values[index - 1] ?? '') + part);
}

/** `/runs/:ref` with what stands for each name. */
export function filledPath(template: string, params: Readonly<Record<string, unknown>>): string {
  return template.replaceAll(/:([A-Za-z]+)/g, (_whole, name: string) => encodeURIComponent(String(params[name])));
}

export function withQuery(path: string, query: Query): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined) continue;
    for (const each of [value].flat()) search.append(name, String(each));
  }
  const text = search.toString();
  return text === '' ? path : `${path}?${text}`;
}
