import { readCalendar } from '../calendar/read';
import type { CalendarProblem } from '../calendar/reading';
import type { FileReader } from '../compile/session';
import type { LoadedCalendar } from '../document';
import type { Problem } from '../problems';
import { atKey, atValue } from './note';

/** What is wrong in a calendar itself; an iCalendar file beside it is looked into by `lintCalendarFile`. */
export function lintCalendar(document: LoadedCalendar): Problem[] {
  const reading = readCalendar(document, null);
  return reading.ok ? [] : reading.problems.map((problem) => placed(document, problem));
}

export function lintCalendarFile(document: LoadedCalendar, files: FileReader): readonly Problem[] {
  const reading = readCalendar(document, files);
  if (reading.ok || document.spec.ical?.file === undefined) return [];
  return reading.problems
    .filter(({ path }) => path[0] === 'ical' && path[1] === 'file')
    .map((problem) => placed(document, problem));
}

function placed(document: LoadedCalendar, { path, ...of }: CalendarProblem): Problem {
  const full = ['spec', ...path];
  return of.code === 'MISSING_KEY' ? atKey(document, full, of) : atValue(document, full, of);
}
