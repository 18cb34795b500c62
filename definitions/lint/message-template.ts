import { checkExpression } from '../../workflows/domain/expression';
import { namesOfNotice } from '../../workflows/domain/notice-context';
import { mayHaveSubject, templateLimits } from '../../workflows/domain/notice-template';
import { parseTemplate } from '../../workflows/domain/template';
import type { LoadedMessageTemplate } from '../document';
import { makeProblem } from '../problems';
import type { ProblemCode } from '../problem-codes';
import type { Problem, ProblemDetail } from '../problems';
import { atKey, atValue } from './note';

const fields = ['subject', 'text'] as const;
type Field = (typeof fields)[number];

/** A message is made when nobody looks: what could never be filled in is refused where it is written. */
export function lintMessageTemplate(document: LoadedMessageTemplate): Problem[] {
  const { notice, subject, text } = document.spec;
  if (subject === undefined && text === undefined) {
    const message = 'Cannot use the template: it words neither the subject nor the text';
    return [atValue(document, ['spec'], { code: 'MISSING_KEY', message, accepted: fields })];
  }
  return [
    ...labelProblems(document),
    ...subjectProblems(document, notice),
    ...fields.flatMap((field) => textProblems(document, field)),
  ];
}

/** Else whoever manages one service would write to everybody. */
function labelProblems(document: LoadedMessageTemplate): Problem[] {
  if (document.metadata.labels === undefined) return [];
  const message = 'Cannot label a template: it words messages about everything';
  return [atKey(document, ['metadata', 'labels'], { code: 'FIELD_NOT_ACCEPTED', message, hint: 'Remove the labels.' })];
}

function subjectProblems(document: LoadedMessageTemplate, notice: LoadedMessageTemplate['spec']['notice']): Problem[] {
  if (document.spec.subject === undefined || mayHaveSubject(notice)) return [];
  const message = `Cannot word the subject of "${notice}": answers by mail are known by it`;
  return [
    atKey(document, ['spec', 'subject'], {
      code: 'FIELD_NOT_ACCEPTED',
      message,
      accepted: ['text'],
      hint: 'Word the text alone.',
    }),
  ];
}

function textProblems(document: LoadedMessageTemplate, field: Field): Problem[] {
  const text = document.spec[field] ?? '';
  const parsed = parseTemplate(text);
  if (!parsed.ok) {
    const message = `Cannot read the expression: ${parsed.reason}`;
    return [atOffset(document, { field, offset: parsed.offset }, { code: 'EXPRESSION_INVALID', message })];
  }
  const expressions = parsed.parts.flatMap((part) => ('expression' in part ? [part] : []));
  if (expressions.length > templateLimits.expressions) {
    const message = `Cannot use the ${field}: it has ${expressions.length} expressions, at most ${templateLimits.expressions}`;
    return [atValue(document, ['spec', field], { code: 'EXPR_LIMIT', message })];
  }
  return expressions.flatMap(({ expression, offset }) => {
    const checked = checkExpression(expression, namesOfNotice(document.spec.notice));
    return checked.ok ? [] : [atOffset(document, { field, offset: offset + checked.problem.offset }, checked.problem)];
  });
}

function atOffset(
  document: LoadedMessageTemplate,
  { field, offset }: { readonly field: Field; readonly offset: number },
  problem: ProblemDetail & { readonly code: ProblemCode },
): Problem {
  const path = ['spec', field];
  return makeProblem(problem.code, { file: document.file, path, ...document.positionWithin(path, offset) }, problem);
}
