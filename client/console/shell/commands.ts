import type { DefinitionSummary } from '../../api/schema';
import { useRead } from '../use-api';
import { navigation } from './navigation';

export interface Command {
  readonly kind: string;
  readonly title: string;
  readonly href: string;
}

const mostShown = 12;

/** What the palette finds for a text: pages, the run of a number, runbooks to start. */
export function useCommands(text: string): readonly Command[] {
  const definitions = useRead<{ readonly definitions: readonly DefinitionSummary[] }>('/definitions', {
    kind: 'Runbook',
  });
  const number = /^#?(\d+)$/.exec(text.trim())?.[1];
  const runs: readonly Command[] =
    number === undefined ? [] : [{ kind: 'Run', title: `Run ${number}`, href: `/runs/${number}` }];
  const pages = navigation.map(({ to, title }) => ({ kind: 'Page', title, href: to }));
  const names = [...new Set((definitions.data?.definitions ?? []).map(({ name }) => name))];
  const starts = names.map((name) => ({
    kind: 'Start',
    title: name,
    href: `/start/${encodeURIComponent(name)}`,
  }));
  return [...runs, ...[...pages, ...starts].filter(({ title }) => matches(title, text))].slice(0, mostShown);
}

/** All words of the text, in any order. */
function matches(title: string, text: string): boolean {
  const lower = title.toLowerCase();
  return text
    .toLowerCase()
    .split(/\s+/)
    .every((word) => lower.includes(word));
}
