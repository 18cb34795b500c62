/** Something that the palette leads to, or does. */
export interface Command {
  readonly kind: string;
  readonly title: string;
  readonly goal: Goal;
}

export type Goal =
  | { readonly kind: 'page'; readonly href: string }
  | { readonly kind: 'action'; readonly act: () => void }
  | { readonly kind: 'refused'; readonly reason: string };

/** What can be done on the page that is shown: its buttons and links say so themselves. */
export interface PageAction {
  readonly title: string;
  /** Why not now; null: it can be done. */
  readonly refused: string | null;
  readonly act: () => void;
}

export interface Findable {
  readonly actions: readonly PageAction[];
  readonly pages: readonly { readonly to: string; readonly title: string }[];
  /** Found by the API for the same text. */
  readonly runs: readonly {
    readonly number: number;
    readonly definition: { readonly name: string; readonly title: string };
  }[];
  readonly runbooks: readonly string[];
  readonly plans: readonly string[];
  readonly inventories: readonly string[];
}

const mostShown = 14;

/** What fits all words of the text, in any order; what the page offers comes first. */
export function commandsFor(text: string, found: Findable): readonly Command[] {
  const offered = found.actions.filter(({ refused }) => refused === null || text !== '');
  const actions = offered.map(({ title, refused, act }) => ({
    kind: 'Here',
    title,
    goal: refused === null ? ({ kind: 'action', act } as const) : ({ kind: 'refused', reason: refused } as const),
  }));
  const named: readonly Command[] = [
    ...actions,
    ...found.pages.map(({ to, title }) => leads('Page', title, to)),
    ...found.runbooks.map((name) => leads('Start', name, `/start/${encodeURIComponent(name)}`)),
    ...found.runbooks.map((name) => leads('Runbook', name, `/definitions/Runbook/${encodeURIComponent(name)}`)),
    ...found.plans.map((name) => leads('Backups', name, `/backups/${encodeURIComponent(name)}`)),
    ...found.inventories.map((name) => leads('Inventory', name, `/inventory?inventory=${encodeURIComponent(name)}`)),
  ].filter(({ title }) => matches(title, text));
  const runs = found.runs.map(({ number, definition: { name, title } }) =>
    leads('Run', `Run ${number} ${title === '' ? name : title}`, `/runs/${number}`),
  );
  const all = [...byNumber(text), ...named, ...runs];
  return all
    .filter(({ goal }, index) => index === all.findIndex((other) => leadsTo(other.goal, goal)))
    .slice(0, mostShown);
}

/** `7` or `#7`: a run; `CHG-12`: a change. */
function byNumber(text: string): readonly Command[] {
  const run = /^#?(\d+)$/.exec(text)?.[1];
  const change = /^chg-?(\d+)$/i.exec(text)?.[1] ?? run;
  return [
    ...(run === undefined ? [] : [leads('Run', `Run ${run}`, `/runs/${run}`)]),
    ...(change === undefined ? [] : [leads('Change', `CHG-${change}`, `/changes/CHG-${change}`)]),
  ];
}

function leads(kind: string, title: string, href: string): Command {
  return { kind, title, goal: { kind: 'page', href } };
}

function leadsTo(one: Goal, other: Goal): boolean {
  return one === other || (one.kind === 'page' && other.kind === 'page' && one.href === other.href);
}

function matches(title: string, text: string): boolean {
  const lower = title.toLowerCase();
  return text
    .toLowerCase()
    .split(/\s+/)
    .every((word) => lower.includes(word));
}
