import { useMemo } from 'react';

import { useRead } from '../use-api';
import { useNames } from '../use-names';
import { commandsFor } from './command-model';
import type { Command } from './command-model';
import { navigation } from './navigation';
import { pageActions } from './page-actions';

const fewestLetters = 2;

/** What the palette finds for a text: actions of the page, pages, processes by number, runs, runbooks, definitions. */
export function useCommands(text: string): readonly Command[] {
  const wanted = text.trim();
  const runs = useRead(
    'GET /runs',
    { query: { q: wanted, limit: 5 } },
    { enabled: wanted.length >= fewestLetters, keep: true },
  );
  const runbooks = useNames('Runbook');
  const plans = useNames('BackupPlan');
  const inventories = useNames('Inventory');
  const actions = useMemo(pageActions, []);
  return commandsFor(wanted, {
    actions,
    pages: navigation,
    runs: wanted.length >= fewestLetters ? (runs.data?.runs ?? []) : [],
    runbooks,
    plans,
    inventories,
  });
}
