import { OperationView, ToldFact } from '../../../api/backup-schema';
import type { BackupOperationView } from '../../../backup-operation-view';
import type { ApiClient } from '../../api-client';
import { apiPath } from '../../../typed/path';
import type { Cli, OutputOptions } from '../../cli';
import { Unsuccessful } from '../../failure';
import { printJson } from '../../terminal';
import { factLine } from './fact-text';
import { operationText } from './operation-text';

interface Waiting {
  readonly api: ApiClient;
  readonly options: OutputOptions;
}

/** Tells what happens until the operation has ended, then shows it. Anything but success, of a drill PASS, is exit code 1. */
export async function waitForOperation(cli: Cli, id: string, { api, options }: Waiting): Promise<void> {
  const { terminal } = cli;
  const detached = cli.interruption();
  const feed = api.until(detached).feed(apiPath`/backup-operations/${id}/events`, {}, ToldFact);
  for await (const fact of feed) terminal.note(factLine(fact));
  if (detached.aborted) {
    terminal.note(
      `Detached; the operation goes on. Look: mainstay backup show ${id}   End it: mainstay backup cancel ${id}`,
    );
    throw new Unsuccessful('detached');
  }
  const view = await api.get(apiPath`/backup-operations/${id}`, {}, OperationView);
  if (options.json === true) printJson(terminal, view);
  else for (const line of operationText(view, terminal)) terminal.out(line);
  if (!isSuccess(view)) throw new Unsuccessful(`outcome ${view.outcome ?? view.state}`);
}

function isSuccess({ kind, outcome, verdict }: Pick<BackupOperationView, 'kind' | 'outcome' | 'verdict'>): boolean {
  if (outcome !== 'succeeded' && outcome !== 'PASS') return false;
  return kind !== 'drill' || verdict?.verdict === 'PASS';
}
