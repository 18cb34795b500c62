import { stringify } from 'yaml';

import { icalZone } from '../../definitions/calendar/ical';
import { readCalendar } from '../../definitions/calendar/read';
import type { ReadableCalendar } from '../../definitions/calendar/read';
import { lintDocuments } from '../../definitions/lint';
import { loadText } from '../../definitions/load';
import type { Problem } from '../../definitions/problems';

export interface ImportRequest {
  readonly name: string;
  readonly type: 'DEFAULT_OPEN' | 'DEFAULT_CLOSED';
  /** Of what the file gives no zone to; what the file itself says, else UTC, when absent. */
  readonly zone?: string | undefined;
  readonly force?: 'soft' | 'hard' | undefined;
}

export type Imported =
  | { readonly ok: true; readonly text: string; readonly calendar: ReadableCalendar }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** A Calendar document with an iCalendar text in it; what the text says is checked as `check` checks it. */
export function importCalendar(file: string, ical: string, request: ImportRequest): Imported {
  const { name, type, force } = request;
  const text = stringify(
    {
      apiVersion: 'mainstay/v1',
      kind: 'Calendar',
      metadata: { name },
      spec: {
        type,
        zone: request.zone ?? icalZone(ical) ?? 'UTC',
        ical: { ...(force === undefined ? {} : { force }), text: ical.replaceAll('\r\n', '\n') },
      },
    },
    { lineWidth: 0 },
  );
  const { documents, problems } = loadText(file, text);
  const [document] = documents;
  // Where they stand in the document that is made of the file helps nobody.
  const told = [...problems, ...lintDocuments(documents)].map((problem) => ({ ...problem, line: 1, column: 1 }));
  if (document?.kind !== 'Calendar' || told.length > 0) return { ok: false, problems: told };
  const reading = readCalendar(document, null);
  return reading.ok ? { ok: true, text, calendar: reading.calendar } : { ok: false, problems: told };
}
