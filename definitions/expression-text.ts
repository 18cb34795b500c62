import { parseTemplate } from '../workflows/domain/template';

/** Every `${{` of the text is closed. */
export function standsWhole(text: string): boolean {
  return parseTemplate(text).ok;
}

/** Some part of the text is an expression (or tries to be one). */
export function holdsExpressionPart(text: string): boolean {
  const parsed = parseTemplate(text);
  return !parsed.ok || parsed.parts.some((part) => 'expression' in part);
}
