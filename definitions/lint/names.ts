import type { LoadedRunbook } from '../document';
import type { DocumentPath, Problem } from '../problems';
import { atKey, atValue } from './note';
import { callSites } from './step-sites';
import type { StepSite } from './step-sites';

const celKeywords =
  'true false null in as break const continue else for function if import let loop package namespace return var void while'.split(
    ' ',
  );

/** Names that expressions know: an item of a loop may not hide one. */
const knownNames = 'inputs vars secrets inventory run steps host delegate index wave result event error'.split(' ');

export function lintNames(document: LoadedRunbook, sites: readonly StepSite[]): Problem[] {
  return [...keywordProblems(document), ...idProblems(document, sites), ...itemProblems(document, sites)];
}

/** Inputs, variables, secrets and outputs are map keys: unique already. */
function keywordProblems(document: LoadedRunbook): Problem[] {
  const { inputs, vars, secrets, outputs } = document.spec;
  const maps = Object.entries({ inputs, vars, secrets, outputs });
  return maps.flatMap(([key, map]) =>
    Object.keys(map ?? {})
      .filter((name) => celKeywords.includes(name))
      .map((name) => atKey(document, ['spec', key, name], reserved(name))),
  );
}

interface NamedPlace {
  readonly id: string;
  readonly path: DocumentPath;
}

function idProblems(document: LoadedRunbook, sites: readonly StepSite[]): Problem[] {
  const problems: Problem[] = [];
  const seen = new Map<string, NamedPlace>();
  for (const place of sites.flatMap(namedPlaces)) {
    if (celKeywords.includes(place.id)) problems.push(atValue(document, place.path, reserved(place.id)));
    const first = seen.get(place.id);
    if (first === undefined) {
      seen.set(place.id, place);
      continue;
    }
    const { line } = document.positionOf(first.path);
    const message = `Cannot use the id "${place.id}": line ${line} has it already`;
    problems.push(atValue(document, place.path, { code: 'DUPLICATE_ID', message, found: place.id }));
  }
  return problems;
}

function namedPlaces(site: StepSite): NamedPlace[] {
  const own = site.step.id === undefined ? [] : [{ id: site.step.id, path: [...site.path, 'id'] }];
  const inner = callSites(site).flatMap(({ call, path }) =>
    'id' in call && call.id !== undefined ? [{ id: call.id, path: [...path, 'id'] }] : [],
  );
  return [...own, ...inner];
}

function itemProblems(document: LoadedRunbook, sites: readonly StepSite[]): Problem[] {
  return sites.flatMap(({ step, path }) => {
    const name = step.verb === 'forEach' ? step.forEach.as : undefined;
    if (name === undefined || !(celKeywords.includes(name) || knownNames.includes(name))) return [];
    return [atValue(document, [...path, 'forEach', 'as'], reserved(name))];
  });
}

function reserved(name: string): { code: 'RESERVED_ID'; message: string; found: string } {
  return {
    code: 'RESERVED_ID',
    message: `Cannot use the name "${name}": it means something in expressions`,
    found: name,
  };
}
