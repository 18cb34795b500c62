import { ianaZone } from '../definitions/calendar/zone';
import { parseDuration } from '../workflows/domain/duration';
import type { ChangeDraft } from '../workflows/change/schema';
import { RequestError } from './api/errors';

/** What is wrong with a draft whoever asks for it and whatever is published: it would never be a change. */
export function refuseBrokenDraft(draft: ChangeDraft): void {
  const problems = windowProblems(draft);
  const [first] = problems;
  if (first === undefined) return;
  throw new RequestError('CHANGE_INVALID', `Cannot use the draft: ${first}`, { detail: { problems: [...problems] } });
}

function windowProblems({ window }: ChangeDraft): readonly string[] {
  const { start, end, cutoff, zone } = window;
  const [startMs, endMs] = [Date.parse(start), Date.parse(end)];
  const problems: string[] = [];
  if (Number.isNaN(startMs)) problems.push(`there is no time "${start}"`);
  if (Number.isNaN(endMs)) problems.push(`there is no time "${end}"`);
  if (endMs <= startMs) problems.push(`its window ends at ${end}, and starts at ${start}`);
  if (zone !== undefined && ianaZone(zone) === null) problems.push(`the zone "${zone}" is unknown`);
  if (cutoff === undefined) return problems;
  const parsed = parseDuration(cutoff);
  if (parsed.kind !== 'ms') problems.push(`the cutoff "${cutoff}" is not a length of time`);
  else if (parsed.ms >= endMs - startMs) problems.push(`the cutoff ${cutoff} is as long as its window`);
  return problems;
}
