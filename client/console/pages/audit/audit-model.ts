import { instantOf } from '../../kit/wall-time';
import type { Search } from '../../search';

export interface AuditQuery {
  readonly query: { readonly [name: string]: string };
  /** What of the filters cannot be read, and is left out; null: all of it is used. */
  readonly problem: string | null;
}

const texts = ['process', 'kind', 'actor'] as const;
const times = ['from', 'until'] as const;

/** Filters of the address as the API takes them. Times are those of the clock in the zone that the page shows. */
export function auditQuery(filters: Search, zone: string): AuditQuery {
  const given = texts.flatMap((name) => {
    const text = (filters[name] ?? '').replaceAll(/\s/g, '');
    return text === '' ? [] : [[name, text] as const];
  });
  const read = times.flatMap((name) => {
    const text = (filters[name] ?? '').trim();
    return text === '' ? [] : [{ name, text, at: instantOf(text.length === 10 ? `${text}T00:00` : text, zone) }];
  });
  const unread = read.find(({ at }) => at === '');
  return {
    query: Object.fromEntries([
      ...given,
      ...read.filter(({ at }) => at !== '').map(({ name, at }) => [name, at] as const),
    ]),
    problem:
      unread === undefined ? null : `Cannot use "${unread.text}": expected 2026-11-24 or 2026-11-24T09:00 in ${zone}`,
  };
}
