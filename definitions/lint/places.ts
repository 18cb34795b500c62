import type { Catalogue, OperationManifest } from '../../activities/connector';
import type { LoadedRunbook } from '../document';
import { holdsExpressionPart } from '../expression-text';
import type { Problem } from '../problems';
import { atKey, atValue, stepName } from './note';
import { callSites } from './step-sites';
import type { CallSite, StepSite } from './step-sites';

/** Where a step works, and which verbs a rollout's body takes. */
export function lintPlaces(
  document: LoadedRunbook,
  sites: readonly StepSite[],
  catalogue: Catalogue | undefined,
): Problem[] {
  return sites.flatMap((site) => [
    ...targetProblems(document, site, catalogue),
    ...(site.inBody ? bodyProblems(document, site) : []),
    ...scriptProblems(document, site),
    ...callSites(site).flatMap((call) => callProblems(document, call, catalogue)),
  ]);
}

function targetProblems(document: LoadedRunbook, site: StepSite, catalogue: Catalogue | undefined): Problem[] {
  const { step, path, inBody } = site;
  if (step.verb !== 'exec' && step.verb !== 'run' && step.verb !== 'uses') return [];
  if (inBody) {
    return (['targets', 'fanOut'] as const)
      .filter((key) => step[key] !== undefined)
      .map((key) =>
        atKey(document, [...path, key], {
          code: 'TARGETS_IN_BODY',
          message: `Cannot use "${key}" in ${stepName(step)}: it stands in the body of a rollout`,
        }),
      );
  }
  const problems: Problem[] = [];
  if (step.delegate !== undefined) {
    const message = `Cannot use "delegate" in ${stepName(step)}: it does not stand in the body of a rollout`;
    problems.push(atKey(document, [...path, 'delegate'], { code: 'DELEGATE_OUTSIDE_BODY', message }));
  }
  const needed = step.verb !== 'uses' || operationOf(catalogue, step.uses)?.on === 'host';
  if (needed && step.targets === undefined && !site.hasTargets) problems.push(missingTargets(document, site));
  return problems;
}

function missingTargets(document: LoadedRunbook, site: Pick<CallSite, 'path'> & { readonly step?: object }): Problem {
  const message = `Cannot place ${stepName(site.step ?? {})}: neither it nor any \`defaults\` around it has targets`;
  return atValue(document, site.path, { code: 'MISSING_TARGETS', message, accepted: ['targets'] });
}

function bodyProblems(document: LoadedRunbook, site: StepSite): Problem[] {
  const { step, path } = site;
  const refuse = (verb: string, keys: readonly string[]): Problem =>
    atKey(document, [...path, ...keys], {
      code: 'VERB_NOT_IN_BODY',
      message: `Cannot use "${verb}" in the body of a rollout: it works for the run as a whole`,
      found: verb,
    });
  switch (step.verb) {
    case 'approval':
    case 'manual':
    case 'parallel':
    case 'forEach':
    case 'switch':
    case 'rollout':
      return [refuse(step.verb, [step.verb])];
    case 'wait':
      return step.wait.verb === 'for' ? [] : [refuse(`wait.${step.wait.verb}`, ['wait', step.wait.verb])];
    case 'exec':
    case 'run':
    case 'uses':
    case 'steps':
    case 'runbook':
      return step.pointOfNoReturn === undefined ? [] : [refuse('pointOfNoReturn', ['pointOfNoReturn'])];
    case 'assert':
    case 'set':
      return [];
  }
}

function scriptProblems(document: LoadedRunbook, { step, path }: StepSite): Problem[] {
  return step.verb === 'run' ? expressionInScript(document, step.run, [...path, 'run']) : [];
}

function callProblems(document: LoadedRunbook, site: CallSite, catalogue: Catalogue | undefined): Problem[] {
  const { call, path } = site;
  if (call.verb === 'steps') return [];
  const problems = call.verb === 'run' ? expressionInScript(document, call.run, [...path, 'run']) : [];
  const needed = call.verb !== 'uses' || operationOf(catalogue, call.uses)?.on === 'host';
  const given = 'targets' in call && call.targets !== undefined;
  if (needed && !site.inBody && !site.hasTargets && !given)
    problems.push(missingTargets(document, { path, step: call }));
  return problems;
}

function expressionInScript(document: LoadedRunbook, script: string, path: CallSite['path']): Problem[] {
  if (!holdsExpressionPart(script)) return [];
  const message = 'Cannot use an expression in a script: it would become part of the program text';
  return [atValue(document, path, { code: 'EXPRESSION_IN_SCRIPT', message })];
}

/** Null for an operation that the catalogue does not have: the compiler tells. */
export function operationOf(catalogue: Catalogue | undefined, name: string): OperationManifest | null {
  const [connector = '', operation = ''] = name.split('.');
  if (catalogue === undefined || !Object.hasOwn(catalogue, connector)) return null;
  const operations = catalogue[connector]?.operations ?? {};
  return Object.hasOwn(operations, operation) ? (operations[operation] ?? null) : null;
}
