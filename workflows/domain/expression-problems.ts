import type { ExpressionProblem } from './expression-rules';
import { pathsOf } from './expression-syntax';
import type { Syntax } from './expression-syntax';

/** What is known of a name when an expression is checked: a type, or the types of its fields (any other field is an error). */
export type NameType = FieldType | { readonly [field: string]: FieldType };
export type FieldType = 'dyn' | 'int' | 'double' | 'string' | 'bool' | 'list' | 'map';
export type NameTypes = { readonly [name: string]: NameType };

export function unknownName(syntax: Syntax, types: NameTypes): ExpressionProblem | null {
  for (const path of pathsOf(syntax)) {
    const type = Object.hasOwn(types, path.name) ? types[path.name] : undefined;
    if (type === undefined)
      return {
        code: 'UNKNOWN_NAME',
        message: `Cannot find the name "${path.name}": it is not known here`,
        offset: path.start,
        found: path.name,
        accepted: Object.keys(types),
      };
    const [field] = path.fields;
    if (typeof type === 'string' || field === undefined || field === '*' || Object.hasOwn(type, field)) continue;
    return {
      code: 'UNKNOWN_NAME',
      message: `Cannot find "${path.name}.${field}": it is not known here`,
      offset: path.start,
      found: field,
      accepted: Object.keys(type),
    };
  }
  return null;
}

/** The library's own summary; its `message` holds a drawing of the source. */
export function faultText(error: unknown): string {
  if (typeof error !== 'object' || error === null) return 'it is not valid';
  if ('summary' in error && typeof error.summary === 'string') return error.summary;
  return 'message' in error && typeof error.message === 'string' ? error.message : 'it is not valid';
}

export function isLimitError(error: unknown): boolean {
  return /limit|exceed/i.test(faultText(error));
}

export function startOf(error: unknown): number {
  if (typeof error !== 'object' || error === null || !('range' in error)) return 0;
  const { range } = error;
  return typeof range === 'object' && range !== null && 'start' in range && typeof range.start === 'number'
    ? range.start
    : 0;
}

export function brief(source: string): string {
  return source.length > 80 ? `${source.slice(0, 80)}…` : source;
}
