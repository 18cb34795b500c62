import { createHash } from 'node:crypto';

import type { FileReader } from '../compile/session';
import type { LoadedCalendar } from '../document';
import type { Calendar } from '../kinds/calendar';
import { mostIcalCharacters } from '../kinds/calendar';
import { nearestWord } from '../problems';
import { authoredEvents, noteHours } from './authored';
import type { CalendarEvent } from './event';
import { noteHolidays } from './holidays';
import { readIcal } from './ical';
import { note } from './reading';
import type { CalendarProblem, Reading } from './reading';
import { ianaZone } from './zone';
import type { Zone } from './zone';

/** A calendar with its rules understood, ready to be resolved to any stretch. */
export interface ReadableCalendar {
  readonly name: string;
  readonly spec: Calendar;
  readonly zone: Zone;
  /** SHA-256 (hex) of the document and its iCalendar file: which calendar it is. */
  readonly digest: string;
  readonly events: readonly CalendarEvent[];
  /** What of an iCalendar text was left out. */
  readonly notes: readonly string[];
}

export type CalendarReading =
  | { readonly ok: true; readonly calendar: ReadableCalendar }
  | { readonly ok: false; readonly problems: readonly CalendarProblem[] };

/** Reads all of a calendar. Without `files` an iCalendar file beside it is passed over: that is for looking at the document alone. */
export function readCalendar(document: LoadedCalendar, files: FileReader | null): CalendarReading {
  const { spec, metadata } = document;
  const zone = ianaZone(spec.zone);
  if (zone === null) return { ok: false, problems: [unknownZone(spec.zone)] };
  const reading: Reading = { zone, problems: [] };
  const authored = authoredEvents(reading, spec);
  noteHolidays(reading, spec.holidays ?? []);
  noteHours(reading, spec);
  const ical = icalEvents(reading, { document, files });
  const { problems } = reading;
  if (problems.length > 0) return { ok: false, problems };
  const digest = ical.text === null ? document.digest : sha256(`${document.digest}\n${ical.text}`);
  const events = [...authored, ...ical.events];
  return { ok: true, calendar: { name: metadata.name, spec, zone, digest, events, notes: ical.notes } };
}

interface IcalPart {
  readonly events: readonly CalendarEvent[];
  readonly notes: readonly string[];
  /** Of a file: it is no part of the document. */
  readonly text: string | null;
}

const noIcal: IcalPart = { events: [], notes: [], text: null };

function icalEvents(
  reading: Reading,
  { document, files }: { readonly document: LoadedCalendar; readonly files: FileReader | null },
): IcalPart {
  const { spec } = document;
  const { ical } = spec;
  if (ical === undefined) return noIcal;
  const { text, file } = ical;
  if ((text === undefined) === (file === undefined)) {
    const hint = 'Give it either `text` or `file`.';
    const message = `Cannot use the iCalendar part: it has ${text === undefined ? 'neither "text" nor' : 'both "text" and'} "file"`;
    note(reading, ['ical'], { code: text === undefined ? 'MISSING_KEY' : 'INVALID_VALUE', message, hint });
    return noIcal;
  }
  const force = spec.type === 'DEFAULT_OPEN' ? (spec.ical?.force ?? 'soft') : 'soft';
  if (text !== undefined) return understood(reading, { text, force, path: ['ical', 'text'] });
  if (files === null || file === undefined) return noIcal;
  const read = files(`${document.file}#${document.digest}`, file);
  if (!read.ok) {
    note(reading, ['ical', 'file'], { code: fileCode(read.code), message: read.message, found: file });
    return noIcal;
  }
  const content = Buffer.from(read.value).toString('utf8');
  const part = understood(reading, { text: content, force, path: ['ical', 'file'] });
  return { ...part, text: content };
}

function understood(
  reading: Reading,
  { text, force, path }: { readonly text: string; readonly force: 'soft' | 'hard'; readonly path: readonly string[] },
): IcalPart {
  if (text.length > mostIcalCharacters) {
    const message = `Cannot use the iCalendar text: it is longer than ${mostIcalCharacters / 1024} KiB`;
    note(reading, path, { code: 'FILE_TOO_LARGE', message, hint: 'Split it into several calendars.' });
    return noIcal;
  }
  const { events, notes, problems } = readIcal(text, { zone: reading.zone, force });
  for (const problem of problems)
    note(reading, path, { code: 'ICAL_INVALID', message: `Cannot use the iCalendar text: ${problem}` });
  return { events, notes, text: null };
}

/** What a reader of files says; any other code is one of a file that is not there. */
function fileCode(code: string): 'FILE_REFUSED' | 'FILE_UNREADABLE' {
  return code === 'FILE_REFUSED' ? 'FILE_REFUSED' : 'FILE_UNREADABLE';
}

function unknownZone(zone: string): CalendarProblem {
  const nearest = nearestWord(zone, Intl.supportedValuesOf('timeZone'));
  const guess = nearest === null ? '' : `; did you mean "${nearest}"?`;
  return {
    path: ['zone'],
    code: 'UNKNOWN_ZONE',
    message: `Cannot use the zone "${zone}": it is unknown${guess}`,
    found: zone,
  };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
