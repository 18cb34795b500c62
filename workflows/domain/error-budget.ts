import type { ResolvedCalendar } from './calendar';
import type { ChangeType } from './change-type';
import type { Interval } from './intervals';

/** What is left of a service's error budget; null: it could not be measured. */
export interface ErrorBudget {
  readonly service: string;
  readonly remaining: number | null;
  /** Names the measurement, as a version names a calendar. */
  readonly measurement: string;
}

export interface BudgetedChange {
  readonly type: ChangeType;
  readonly reliabilityFix: boolean;
  readonly services: readonly string[];
}

/**
 * R-FREEZE-5: an exhausted error budget (remaining ≤ 0) is a soft freeze of normal changes to its service; reliability fixes are
 * exempt. It is a calendar like the others, closed while nobody knows when the budget recovers; one that could not be measured is
 * not resolved, and so never open.
 */
export function budgetCalendars(
  { type, reliabilityFix, services }: BudgetedChange,
  budgets: readonly ErrorBudget[],
  stretch: Interval,
): readonly ResolvedCalendar[] {
  if (type !== 'normal' || reliabilityFix) return [];
  return budgets
    .filter(({ service, remaining }) => services.includes(service) && (remaining === null || remaining <= 0))
    .map((budget) => calendarOf(budget, stretch));
}

function calendarOf({ service, remaining, measurement }: ErrorBudget, stretch: Interval): ResolvedCalendar {
  const name = `error-budget/${service}`;
  const common = { type: 'DEFAULT_OPEN', name, version: measurement } as const;
  if (remaining === null) return { ...common, horizon: { ...stretch, endMs: stretch.startMs }, closures: [] };
  const title = `The error budget of "${service}" is exhausted`;
  return { ...common, horizon: stretch, closures: [{ ...stretch, id: name, title, force: 'soft' }] };
}
