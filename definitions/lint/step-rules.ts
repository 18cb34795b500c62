import type { LoadedRunbook } from '../document';
import type { Problem } from '../problems';
import { quoteFound, nearestWord } from '../problems';
import { atKey, atValue } from './note';
import type { StepSite } from './step-sites';

/** Rules within one step that a schema cannot say. */
export function lintStepRules(document: LoadedRunbook, sites: readonly StepSite[]): Problem[] {
  return sites.flatMap((site) => [
    ...waveProblems(document, site),
    ...manualProblems(document, site),
    ...eventProblems(document, site),
  ]);
}

/** Waves are cumulative. Counts and percentages can be compared with the hosts at hand only, so each with its own kind. */
function waveProblems(document: LoadedRunbook, { step, path }: StepSite): Problem[] {
  const waves = step.verb === 'rollout' ? step.rollout.waves : undefined;
  if (waves === undefined || typeof waves === 'string') return [];
  const at = [...path, 'rollout', 'waves'];
  const problems: Problem[] = [];
  let count = 0;
  let percent = 0;
  for (const [index, wave] of waves.entries()) {
    const size = typeof wave === 'number' ? wave : percentOf(wave);
    const before = typeof wave === 'number' ? count : percent;
    if (size !== null && size <= before)
      problems.push(
        atValue(
          document,
          [...at, index],
          notRising(wave, `the wave before has ${before}${typeof wave === 'number' ? '' : '%'}`),
        ),
      );
    if (size !== null && typeof wave === 'number') count = size;
    if (size !== null && typeof wave !== 'number') percent = size;
  }
  const last = waves.at(-1);
  if (last !== undefined && (typeof last === 'number' || percentOf(last) !== null) && last !== '100%')
    problems.push(atValue(document, [...at, waves.length - 1], notRising(last, 'the last wave is 100%')));
  return problems;
}

function percentOf(wave: string): number | null {
  const match = /^(\d{1,3})%$/.exec(wave);
  return match === null ? null : Number(match[1]);
}

function notRising(wave: string | number, state: string): { code: 'WAVES_NOT_RISING'; message: string; found: string } {
  return {
    code: 'WAVES_NOT_RISING',
    message: `Cannot use the wave ${quoteFound(wave)}: ${state}`,
    found: String(wave),
  };
}

function manualProblems(document: LoadedRunbook, { step, path }: StepSite): Problem[] {
  if (step.verb !== 'manual') return [];
  const { options = ['done'], onDue } = step.manual;
  const accepted = [...options, 'escalate', 'fail'];
  if (accepted.includes(onDue)) return [];
  const message = `Cannot use ${quoteFound(onDue)} as "onDue": it is none of the options, nor escalate or fail`;
  return [
    atValue(document, [...path, 'manual', 'onDue'], {
      code: 'INVALID_VALUE',
      message,
      found: onDue,
      accepted,
      nearest: nearestWord(onDue, accepted),
    }),
  ];
}

function eventProblems(document: LoadedRunbook, { step, path }: StepSite): Problem[] {
  if (step.verb !== 'wait' || step.wait.verb !== 'event') return [];
  const { due, onDue } = step.wait.event;
  if ((due === undefined) === (onDue === undefined)) return [];
  const [missing, present] = due === undefined ? ['due', 'onDue'] : ['onDue', 'due'];
  const message = `Cannot wait for the event: "${present}" stands without "${missing}"`;
  return [
    atKey(document, [...path, 'wait', 'event', present], {
      code: 'MISSING_KEY',
      message,
      accepted: [missing],
      hint: `Add the key "${missing}".`,
    }),
  ];
}
