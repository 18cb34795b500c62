import { parseDuration } from '../../workflows/domain/duration';
import type { Json } from '../../workflows/domain/json';
import { textOf } from '../../workflows/domain/render';
import { parseTemplate } from '../../workflows/domain/template';
import type { Due, FailureLimit } from '../../workflows/runbook/plan';
import { check, evaluate, soleExpression } from './expressions';
import type { CheckedExpression } from './expressions';
import { report } from './site';
import type { Site } from './site';

/** A whole expression that must be decided with the plan. Undefined: not known (a problem, or only a check is made). */
export function planExpression(site: Site, text: string): Json | undefined {
  const sole = soleExpression(site, text);
  const checked = sole === null ? null : check(site, sole.source, sole.offset);
  return checked !== null && isPlanPhase(site, checked) ? evaluate(site, checked.source) : undefined;
}

/** Text that must be decided with the plan, for each host where it names `host`. */
export interface PlanText {
  /** Undefined where it depends on the host, or is not known. */
  readonly text: string | undefined;
  readonly perHost: boolean;
  forHost(host: Json): string | undefined;
}

export function planText(
  site: Site,
  raw: string,
  rules: { readonly host: boolean } = { host: false },
): PlanText | null {
  const parsed = parseTemplate(raw);
  if (!parsed.ok) {
    report(site, {
      code: 'EXPRESSION_INVALID',
      message: `Cannot read the text: ${parsed.reason}`,
      offset: parsed.offset,
    });
    return null;
  }
  const parts: (string | CheckedExpression)[] = [];
  for (const part of parsed.parts) {
    const checked = 'text' in part ? part.text : check(site, part.expression, part.offset);
    if (checked === null || (typeof checked !== 'string' && !isPlanPhase(site, checked, rules.host))) return null;
    parts.push(checked);
  }
  const perHost = parts.some((part) => typeof part !== 'string' && part.phase === 'host');
  const forHost = (host?: Json): string | undefined => fill(site, parts, host);
  return { text: perHost ? undefined : forHost(), perHost, forHost };
}

/** A duration in milliseconds, decided with the plan. */
export function planMs(site: Site, raw: string): number | undefined {
  const text = planText(site, raw)?.text;
  if (text === undefined) return undefined;
  const parsed = parseDuration(text);
  if (parsed.kind === 'ms') return parsed.ms;
  if (parsed.kind === 'days')
    report(site, {
      code: 'DURATION_NEEDS_ZONE',
      message: `Cannot use "${text}" here: calendar days have no fixed length; they are accepted in due only`,
      found: text,
    });
  else
    report(site, {
      code: 'INVALID_DURATION',
      message: `Cannot read "${text}" as a duration: ${parsed.reason}`,
      found: text,
    });
  return undefined;
}

/** When a task is due: physical time, or calendar days in a zone. */
export function planDue(site: Site, raw: string, zone = 'UTC'): Due | undefined {
  const text = planText(site, raw)?.text;
  const parsed = text === undefined ? null : parseDuration(text);
  if (parsed?.kind === 'days') return { days: parsed.days, zone };
  const ms = planMs(site, raw);
  return ms === undefined ? undefined : { ms };
}

export function planCount(site: Site, raw: number | string, least = 0): number | undefined {
  const value = typeof raw === 'number' ? raw : planExpression(site, raw);
  if (value === undefined) return undefined;
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= least) return value;
  report(site, {
    code: 'INVALID_COUNT',
    message: `Cannot use ${JSON.stringify(value)} here: expected a whole number${least === 0 ? '' : `, at least ${least}`}`,
    found: String(JSON.stringify(value)),
  });
  return undefined;
}

/** `3` or `25%`. */
export function planCountOrPercent(site: Site, raw: Json): FailureLimit | undefined {
  const value = typeof raw === 'string' && raw.includes('${{') ? planExpression(site, raw) : raw;
  if (value === undefined) return undefined;
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return { count: value };
  const percent = typeof value === 'string' ? /^(\d{1,3})%$/.exec(value) : null;
  if (percent !== null && Number(percent[1]) <= 100) return { percent: Number(percent[1]) };
  report(site, {
    code: 'INVALID_COUNT',
    message: `Cannot use ${JSON.stringify(value)} here: expected a whole number or a percentage such as 25%`,
  });
  return undefined;
}

/** Refuses what is not decided when the plan is made. */
export function isPlanPhase(site: Site, checked: CheckedExpression, host = false): boolean {
  if (checked.phase === 'plan' || (checked.phase === 'host' && host)) return true;
  const late = checked.paths.find((path) => path.name === 'inputs' && site.unit.late.has(path.fields[0] ?? ''));
  if (late !== undefined) {
    report(site, {
      code: 'LATE_VALUE',
      message: `Cannot use the input "${late.fields[0] ?? ''}" here: its value is decided while the run goes on, and this must be known with the plan`,
    });
    return false;
  }
  report(site, {
    code: 'RUN_PHASE_NAME',
    message: `Cannot use "${checked.source}" here: it is decided ${checked.phase === 'host' ? 'for each host' : 'while the run goes on'}, and this must be known with the plan`,
    accepted: host ? ['inputs', 'vars', 'inventory', 'host'] : ['inputs', 'vars', 'inventory'],
  });
  return false;
}

function fill(site: Site, parts: readonly (string | CheckedExpression)[], host: Json | undefined): string | undefined {
  let text = '';
  for (const part of parts) {
    const value = typeof part === 'string' ? part : evaluate(site, part.source, host);
    if (value === undefined) return undefined;
    const written = textOf(value);
    if (written === null) {
      report(site, {
        code: 'EXPRESSION_FAILED',
        message: 'Cannot put the value into text: found null, a list or a map',
      });
      return undefined;
    }
    text += written;
  }
  return text;
}
