import { parseDuration } from '../domain/duration';
import type { Phase } from '../domain/effect-path';
import { isRepeatable } from '../domain/effect-class';
import type { EffectClass } from '../domain/effect-class';
import { isJsonObject } from '../domain/json-shape';
import type { JsonObject } from '../domain/json';
import { isCommand } from '../domain/outcome';
import type { Observed } from '../domain/outcome';
import type { Outcome } from './schema';

/** One effect that is about to happen. */
export interface Happening {
  readonly step: string;
  readonly path: string;
  readonly host: string | null;
  readonly phase: Phase;
  readonly attempt: number;
  readonly operation: string;
  readonly effect: EffectClass;
}

export interface Scripted {
  readonly observed: Observed;
  readonly takesMs: number;
  /** Whether the effect stands on the target. */
  readonly applied: boolean;
}

/** The first entry that matches wins; null: the script says nothing about it. */
export function scripted(outcomes: readonly Outcome[], happening: Happening): Scripted | null {
  const outcome = outcomes.find((each) => matches(each, happening));
  if (outcome === undefined) return null;
  const takesMs = outcome.takes === undefined ? defaultTakesMs : durationMs(outcome.takes);
  const lost = lostReply(outcome, happening.effect);
  if (lost !== null) return { ...lost, takesMs };
  const observed = observedBy(outcome, happening);
  return { observed, takesMs, applied: outcome.fail === undefined };
}

const defaultTakesMs = 1000;

export function durationMs(text: string): number {
  const parsed = parseDuration(text);
  return parsed.kind === 'ms' ? parsed.ms : 0;
}

function matches(outcome: Outcome, happening: Happening): boolean {
  const phase = outcome.phase ?? 'do';
  const { path } = happening;
  return (
    (outcome.step === '*'
      ? phase === 'do' || phase === '*' || phase === happening.phase
      : outcome.step === happening.step) &&
    (outcome.step === '*' && outcome.phase === undefined ? true : phase === '*' || phase === happening.phase) &&
    (outcome.host === undefined || outcome.host === happening.host) &&
    (outcome.item === undefined || path.includes(`item:${outcome.item}/`)) &&
    (outcome.wave === undefined || path.includes(`wave:${outcome.wave}/`)) &&
    (outcome.sample === undefined || path.endsWith(`sample:${outcome.sample}`)) &&
    (outcome.attempt === undefined || outcome.attempt === happening.attempt)
  );
}

/**
 * A reply that is lost is found again where a repeat re-attaches (`journaled`, `keyed`) or changes nothing (`read`, `idempotent`);
 * the others stay unknown, and whether the effect stands is what only the script knows.
 */
function lostReply(outcome: Outcome, effect: EffectClass): Omit<Scripted, 'takesMs'> | null {
  if (outcome.lose === undefined || (effect !== 'unsafe' && effect !== 'probed')) return null;
  const error = { code: 'OUTCOME_UNKNOWN', message: 'Cannot tell the outcome: the reply was lost' };
  return { observed: { status: 'unknown', result: {}, changed: true, error }, applied: outcome.lose === 'afterEffect' };
}

function observedBy(outcome: Outcome, { operation, effect }: Happening): Observed {
  const changed = outcome.changed ?? effect !== 'read';
  const result = resultOf(outcome, operation);
  if (outcome.fail !== undefined) {
    const error = { code: outcome.fail, message: `Cannot finish the step: ${outcome.fail} was scripted` };
    return { status: isUnknown(outcome, effect) ? 'unknown' : 'failed', result, changed, error };
  }
  const { exitCode, status: answered } = result;
  const ownRuleFailed = typeof exitCode === 'number' ? exitCode !== 0 : typeof answered === 'number' && answered >= 400;
  const status = outcome.status ?? (ownRuleFailed ? 'failed' : 'succeeded');
  return { status: status === 'unknown' && !isUnknown(outcome, effect) ? 'failed' : status, result, changed };
}

/** What a repeat does not harm is repeated until its time is over, and then has failed. */
function isUnknown(outcome: Outcome, effect: EffectClass): boolean {
  return outcome.status === 'unknown' && !isRepeatable(effect);
}

function resultOf(outcome: Outcome, operation: string): JsonObject {
  const given = isJsonObject(outcome.result) ? outcome.result : {};
  const isSilent = outcome.fail !== undefined && outcome.exitCode === undefined;
  if (!isCommand(operation)) return outcome.exitCode === undefined ? given : { ...given, exitCode: outcome.exitCode };
  const exitCode = isSilent ? {} : { exitCode: outcome.exitCode ?? 0 };
  return { ...exitCode, stdout: outcome.stdout ?? '', stderr: outcome.stderr ?? '', ...given };
}
