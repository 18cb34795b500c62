import { parseInputs } from '../../workflows/domain/inputs';
import type { Input } from '../../workflows/runbook/inputs/schema';
import type { LoadedRunbook } from '../document';
import { isExplosive, matchesInTime } from '../pattern';
import type { DocumentPath, Problem } from '../problems';
import { quoteFound } from '../problems';
import { atKey, atValue } from './note';

/** Inputs, secrets and ownership. */
export function lintDeclarations(document: LoadedRunbook): Problem[] {
  const inputs = Object.entries(document.spec.inputs ?? {});
  return [
    ...inputs.flatMap(([name, input]) => inputProblems(document, ['spec', 'inputs', name], input)),
    ...inputs.flatMap(([name, input]) => defaultProblems(document, ['spec', 'inputs', name], input)),
    ...ownerProblems(document),
  ];
}

/** A default is an input like any other. A host's is looked at when the inventory is there. */
function defaultProblems(document: LoadedRunbook, path: DocumentPath, input: Input): Problem[] {
  if (!('default' in input) || input.type === 'host') return [];
  const context = {
    declared: { [String(path.at(-1))]: input },
    findHost: null,
    late: new Set<string>(),
    matches: matchesInTime,
  };
  return parseInputs({}, context).problems.map(({ code, message }) =>
    atValue(document, [...path, 'default'], { code, message, found: quoteFound(input.default) }),
  );
}

function inputProblems(document: LoadedRunbook, path: DocumentPath, input: Input): Problem[] {
  switch (input.type) {
    case 'string': {
      const problems = boundProblems(document, path, {
        low: ['minLength', input.minLength],
        high: ['maxLength', input.maxLength],
      });
      return input.pattern === undefined
        ? problems
        : [...problems, ...patternProblems(document, [...path, 'pattern'], input.pattern)];
    }
    case 'integer':
    case 'number':
      return boundProblems(document, path, { low: ['minimum', input.minimum], high: ['maximum', input.maximum] });
    case 'array': {
      const problems = boundProblems(document, path, {
        low: ['minItems', input.minItems],
        high: ['maxItems', input.maxItems],
      });
      return input.items === undefined
        ? problems
        : [...problems, ...inputProblems(document, [...path, 'items'], input.items)];
    }
    case 'object':
      return Object.entries(input.properties ?? {}).flatMap(([name, inner]) =>
        inputProblems(document, [...path, 'properties', name], inner),
      );
    case 'boolean':
    case 'datetime':
    case 'duration':
    case 'host':
    case 'secret':
      return [];
  }
}

interface Bounds {
  readonly low: readonly [string, number | undefined];
  readonly high: readonly [string, number | undefined];
}

function boundProblems(document: LoadedRunbook, path: DocumentPath, { low, high }: Bounds): Problem[] {
  const [lowName, lowest] = low;
  const [highName, highest] = high;
  if (lowest === undefined || highest === undefined || lowest <= highest) return [];
  const message = `Cannot satisfy the input: "${lowName}" is ${lowest}, "${highName}" is ${highest}`;
  return [atValue(document, [...path, highName], { code: 'OUT_OF_RANGE', message, found: String(highest) })];
}

function patternProblems(document: LoadedRunbook, path: DocumentPath, pattern: string): Problem[] {
  try {
    new RegExp(pattern, 'u');
    if (!isExplosive(pattern)) return [];
    const message = `Cannot use the pattern ${quoteFound(pattern)}: it can take exponential time`;
    return [atValue(document, path, { code: 'INVALID_PATTERN', message, found: pattern })];
  } catch (error) {
    const reason =
      typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : String(error);
    const message = `Cannot use the pattern ${quoteFound(pattern)}: ${reason.replace(/^Invalid regular expression: /, '')}`;
    return [atValue(document, path, { code: 'INVALID_PATTERN', message, found: pattern })];
  }
}

/** Secrets are granted to the team that owns the runbook; without one no worker may resolve them. */
function ownerProblems(document: LoadedRunbook): Problem[] {
  const { secrets = {} } = document.spec;
  if (Object.keys(secrets).length === 0 || document.metadata.owner !== undefined) return [];
  const message = 'Cannot use secrets: the runbook has no owner';
  return [atKey(document, ['spec', 'secrets'], { code: 'MISSING_OWNER', message, accepted: ['metadata.owner'] })];
}
