import { Lexer, LineCounter, parseAllDocuments, Parser } from 'yaml';
import type { Document } from 'yaml';

import { makeProblem } from './problems';
import type { ProblemCode } from './problem-codes';
import type { DocumentPath, Position, Problem } from './problems';

/**
 * From text to YAML trees. No text may do worse than a problem, so sizes are measured before anything recursive sees it:
 *
 * - Y1 The lexer and the token parser keep an explicit stack; the composer recurses. Depth is bounded on the former.
 * - Y2 What aliases expand to is bounded later, where they are followed (`convert.ts`).
 */
export const textLimits = {
  bytes: 8 * 1024 * 1024,
  lexemes: 1_500_000,
  depth: 100,
  aliases: 2_000,
  documents: 1_000,
} as const;

export interface YamlText {
  readonly file: string;
  readonly text: string;
  readonly lines: LineCounter;
  readonly documents: readonly Document.Parsed[];
  readonly problems: readonly Problem[];
}

export function parseYamlText(file: string, text: string): YamlText {
  const lines = new LineCounter();
  const refused = refuseText(file, text);
  if (refused !== null) return { file, text, lines, documents: [], problems: [refused] };
  const parsed = parseAllDocuments(text, {
    version: '1.2',
    schema: 'core',
    merge: false,
    strict: true,
    // The library compares every pair of keys of a map; ours is a set (convert.ts).
    uniqueKeys: false,
    stringKeys: false,
    prettyErrors: false,
    logLevel: 'silent',
    lineCounter: lines,
  });
  const documents = Array.isArray(parsed) ? parsed : [];
  const problems = documents.flatMap((document) => documentProblems(file, text, { lines, document }));
  return { file, text, lines, documents: documents.filter((document) => document.errors.length === 0), problems };
}

/** Lines end at `\n`, as editors count them. */
export function positionAt(lines: LineCounter, offset: number): Position {
  const { line, col } = lines.linePos(offset);
  return line === 0 ? { line: 1, column: offset + 1 } : { line, column: col };
}

export function lineAt(text: string, offset: number): string {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  const end = text.indexOf('\n', offset);
  return text.slice(start, end < 0 ? text.length : end);
}

function refuseText(file: string, text: string): Problem | null {
  if (Buffer.byteLength(text) > textLimits.bytes)
    return refuse(
      'FILE_TOO_LARGE',
      { file, text, offset: 0 },
      `Cannot read "${file}": it is larger than ${textLimits.bytes / 1024 / 1024} MiB`,
    );
  const character = refusedCharacter.exec(text);
  if (character !== null) {
    const code = (character[0].charCodeAt(0) % 0x1_0000).toString(16).toUpperCase().padStart(4, '0');
    return refuse(
      'CHARACTER_REFUSED',
      { file, text, offset: character.index },
      `Cannot read "${file}": it holds the character U+${code}`,
    );
  }
  return refuseStructure(file, text);
}

/** NUL, and halves of surrogate pairs: neither survives a database or a hash. */
export const refusedCharacter = /\0|\p{Surrogate}/u;

function refuseStructure(file: string, text: string): Problem | null {
  const parser = new Parser();
  let lexemes = 0;
  let aliases = 0;
  let documents = 0;
  for (const lexeme of new Lexer().lex(text)) {
    const place = { file, text, offset: parser.offset };
    lexemes++;
    // A lexeme that begins with `*` may be a scalar's text as well; counting a few too many does no harm.
    if (lexeme.startsWith('*')) aliases++;
    for (const token of parser.next(lexeme)) if (token.type === 'document') documents++;
    if (parser.stack.length > textLimits.depth)
      return refuse('TOO_DEEP', place, `Cannot read "${file}": it is nested deeper than ${textLimits.depth}`);
    if (lexemes > textLimits.lexemes)
      return refuse('TOO_MANY_NODES', place, `Cannot read "${file}": it has more than ${textLimits.lexemes} tokens`);
    if (aliases > textLimits.aliases)
      return refuse('TOO_MANY_ALIASES', place, `Cannot read "${file}": it has more than ${textLimits.aliases} aliases`);
    if (documents > textLimits.documents)
      return refuse(
        'TOO_MANY_DOCUMENTS',
        place,
        `Cannot read "${file}": it has more than ${textLimits.documents} documents`,
      );
  }
  return null;
}

function refuse(code: ProblemCode, at: { file: string; text: string; offset: number }, message: string): Problem {
  const before = at.text.slice(0, at.offset);
  const line = before.split('\n').length;
  const column = at.offset - (before.lastIndexOf('\n') + 1) + 1;
  return makeProblem(code, { file: at.file, path: [], line, column }, { message });
}

/** The first error of a document only: those after it are mostly its echoes. */
function documentProblems(
  file: string,
  text: string,
  of: { lines: LineCounter; document: Document.Parsed },
): Problem[] {
  const { document, lines } = of;
  const [error] = document.errors;
  // A tag is refused where it stands, whether it is known or not.
  const [warning] = document.warnings.filter(({ code }) => code !== 'TAG_RESOLVE_FAILED');
  if (error !== undefined) {
    const unquoted =
      holdsExpression(lineAt(text, error.pos[0])) || holdsExpression(lineAt(text, Math.max(0, error.pos[0] - 1)));
    const code = unquoted ? 'EXPRESSION_NOT_QUOTED' : error.code === 'DUPLICATE_KEY' ? 'DUPLICATE_KEY' : 'SYNTAX_ERROR';
    return [yamlProblem(code, { file, ...positionAt(lines, error.pos[0]) }, error.message)];
  }
  if (document.directives.yaml.explicit === true)
    return [yamlProblem('DIRECTIVE_REFUSED', { file, ...positionAt(lines, document.range[0]) }, 'a %YAML directive')];
  if (warning !== undefined)
    return [yamlProblem('YAML_WARNING', { file, ...positionAt(lines, warning.pos[0]) }, warning.message)];
  return [];
}

export function holdsExpression(text: string): boolean {
  return text.includes('${{');
}

const noPath: DocumentPath = [];

function yamlProblem(code: ProblemCode, at: Position & { file: string }, state: string): Problem {
  const reason = state.replace(/\s+/g, ' ').trim();
  return makeProblem(
    code,
    { file: at.file, line: at.line, column: at.column, path: noPath },
    { message: `Cannot read the document: ${lowerFirst(reason)}` },
  );
}

function lowerFirst(text: string): string {
  return /^[A-Z][a-z]/.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text;
}
