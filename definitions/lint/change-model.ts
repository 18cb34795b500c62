import { parseDuration } from '../../workflows/domain/duration';
import type { LoadedChangeModel } from '../document';
import type { DocumentPath, Problem } from '../problems';
import { atKey, atValue } from './note';

/** What a model could never do is refused where it is written, not when somebody's change waits for it. */
export function lintChangeModel(document: LoadedChangeModel): Problem[] {
  return [...gateProblems(document), ...riskProblems(document), ...durationProblems(document)];
}

/** The type decides which gates there are: a field of another type's gate is never looked at. */
function gateProblems(document: LoadedChangeModel): Problem[] {
  const { spec } = document;
  const problems: Problem[] = [];
  if (spec.type !== 'standard' && spec.approval === undefined) {
    const message = `Cannot follow the model: a change of type ${spec.type} needs an approval policy`;
    problems.push(atValue(document, ['spec'], { code: 'MODEL_INVALID', message, accepted: ['approval'] }));
  }
  if (spec.type !== 'normal' && spec.assessors !== undefined)
    problems.push(unused(document, 'assessors', `a change of type ${spec.type} is not assessed by people`));
  if (spec.type !== 'emergency' && spec.businessHours !== undefined)
    problems.push(unused(document, 'businessHours', 'only the second approval of an emergency goes by business days'));
  if (spec.type === 'emergency' && spec.calendars !== undefined)
    problems.push(unused(document, 'calendars', 'an emergency passes every calendar'));
  if (spec.calendars === undefined && spec.freezeApproval !== undefined)
    problems.push(unused(document, 'freezeApproval', 'without calendars there is no freeze'));
  return problems;
}

function unused(document: LoadedChangeModel, field: string, state: string): Problem {
  const message = `Cannot use ${field}: ${state}`;
  return atKey(document, ['spec', field], { code: 'MODEL_INVALID', message, found: field });
}

function riskProblems(document: LoadedChangeModel): Problem[] {
  const { risk } = document.spec;
  if (risk === undefined) return [];
  const { questions, levels } = risk;
  const problems = questions.flatMap(({ id, answers }, index) => {
    const path = ['spec', 'risk', 'questions', index];
    const found: Problem[] = [];
    if (questions.findIndex((other) => other.id === id) < index)
      found.push(invalid(document, [...path, 'id'], `Cannot ask "${id}": another question has this id`));
    if (Object.keys(answers).length === 0)
      found.push(invalid(document, [...path, 'answers'], `Cannot ask "${id}": it has no answer`));
    return found;
  });
  if (levels.high <= levels.moderate)
    problems.push(
      invalid(document, ['spec', 'risk', 'levels', 'high'], 'Cannot tell the levels apart: high is not above moderate'),
    );
  const most = questions.reduce((sum, { answers }) => sum + Math.max(0, ...Object.values(answers)), 0);
  if (levels.high > most)
    problems.push(
      invalid(
        document,
        ['spec', 'risk', 'levels', 'high'],
        `Cannot reach the level: the answers weigh ${most} at most`,
      ),
    );
  return problems;
}

const durations = ['leadTime', 'preparation', 'reviewWithin'] as const;

/** A model has no inputs that an expression could read. */
function durationProblems(document: LoadedChangeModel): Problem[] {
  return durations.flatMap((field) => {
    const text = document.spec[field];
    if (text === undefined || parseDuration(text).kind === 'ms') return [];
    return [invalid(document, ['spec', field], `Cannot use "${text}" as ${field}: it is not a length of time`)];
  });
}

function invalid(document: LoadedChangeModel, path: DocumentPath, message: string): Problem {
  return atValue(document, path, { code: 'MODEL_INVALID', message });
}
