import { ianaZone } from '../calendar/zone';
import type { LoadedDocument } from '../document';
import { quoteFound } from '../problems';
import type { DocumentPath, Problem } from '../problems';
import { atValue } from './note';

export function zoneProblems(document: LoadedDocument, zone: string | undefined, path: DocumentPath): Problem[] {
  if (zone === undefined || ianaZone(zone) !== null) return [];
  const message = `Cannot use the zone ${quoteFound(zone)}: it is unknown`;
  return [atValue(document, path, { code: 'UNKNOWN_ZONE', message, found: zone })];
}
