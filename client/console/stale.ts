/** What a piece of news is about, as far as it matters here. */
export interface News {
  readonly kind: string;
  readonly process: { readonly kind: string; readonly id: string; readonly number: number | null };
}

/** Which lists may show something of a process of this kind. */
const listsOf: { readonly [kind: string]: readonly string[] } = {
  run: ['/runs', '/tasks', '/locks', '/status', '/notices'],
  change: ['/changes', '/tasks', '/calendars', '/notices'],
  backup: ['/backups', '/backup-operations', '/backup-scores', '/backup-drills', '/schedules', '/tasks', '/notices'],
  definition: ['/definitions', '/calendars', '/inventories', '/people', '/teams', '/backups', '/schedules'],
  lock: ['/locks'],
  system: ['/tokens', '/sessions', '/deliveries', '/status', '/notices'],
};

/** Who somebody is does not change by what happens in runs; of the same plan and version there is only one. */
const lasting = ['/me', '/schemas', '/blobs'];

/** Is what was read from this path out of date after this piece of news? */
export function staleAfter(news: News | null, path: unknown): boolean {
  if (typeof path !== 'string') return false;
  const [, area = '', reference] = path.split('/');
  const list = `/${area}`;
  if (lasting.includes(list)) return false;
  if (news === null || list === '/journal') return true;
  const lists = listsOf[news.process.kind];
  if (lists === undefined) return true;
  if (!lists.includes(list)) return false;
  return reference === undefined || list !== `/${news.process.kind}s` || isThis(decodeURIComponent(reference), news);
}

/** A process is named by its number, by its id, or by the beginning of it. */
function isThis(reference: string, { process }: News): boolean {
  return reference === String(process.number) || process.id.startsWith(reference) || reference.includes('-');
}

/** What one message of the live feed tells. Null: nobody knows what it is about, so everything may be out of date. */
export function newsOf(text: string): readonly (News | null)[] {
  const value: unknown = JSON.parse(text);
  return Array.isArray(value) ? value.map((one: unknown) => (isNews(one) ? one : null)) : [null];
}

function isNews(value: unknown): value is News {
  if (typeof value !== 'object' || value === null || !('kind' in value) || !('process' in value)) return false;
  const { process } = value;
  return typeof process === 'object' && process !== null && 'kind' in process && 'id' in process && 'number' in process;
}
