import { CheckpointsVerified, JournalsVerified } from '../../../api/evidence-schema';
import type { AuditProblem } from '../../../api/evidence-schema';
import type { ApiClient } from '../../api-client';
import type { Cli, ConnectionOptions, OutputOptions } from '../../cli';
import { Unsuccessful } from '../../failure';
import { printJson, styled } from '../../terminal';
import { countText, instantText } from '../../wording';

interface Total {
  readonly streams: number;
  readonly entries: number;
  readonly problems: readonly AuditProblem[];
}

/** Every journal, some at a time, with progress; then the checkpoints themselves. */
export async function verifyAll(cli: Cli, options: ConnectionOptions & OutputOptions): Promise<void> {
  const api = await cli.connect(options);
  const journals = await verifyJournals(cli, api);
  const tree = await api.get('/checkpoints/verification', {}, CheckpointsVerified);
  const problems = [...journals.problems, ...tree.problems];
  const { streams, entries } = journals;
  const { newest, checkpoints } = tree;
  if (options.json === true)
    printJson(cli.terminal, { ok: problems.length === 0, streams, entries, checkpoints, newest, problems });
  else print(cli, { streams, entries, problems }, tree);
  if (problems.length > 0) throw new Unsuccessful('audit failed');
}

async function verifyJournals({ terminal }: Cli, api: ApiClient): Promise<Total> {
  let total: Total = { streams: 0, entries: 0, problems: [] };
  for (let after: string | null = ''; after !== null;) {
    const page: JournalsVerified = await api.get('/journal/verification', { after }, JournalsVerified);
    total = {
      streams: total.streams + page.streams,
      entries: total.entries + page.entries,
      problems: [...total.problems, ...page.problems],
    };
    after = page.next;
    if (after !== null) terminal.note(`  ${total.streams} journals, ${total.entries} entries so far`);
  }
  return total;
}

function print(
  { terminal }: Cli,
  { streams, entries, problems }: Total,
  { newest, checkpoints }: CheckpointsVerified,
): void {
  if (problems.length > 0) {
    terminal.out(styled(terminal, 'red', `audit failed: ${countText(problems.length, 'problem')}`));
    for (const { stream, seq, message } of problems)
      terminal.out(`  ${stream}${seq === null ? '' : ` entry ${seq}`}: ${message}`);
    return;
  }
  const against =
    newest === null
      ? 'no checkpoint stands yet: a journal that was rewritten as a whole would not show'
      : `${countText(checkpoints, 'checkpoint')}, the newest of ${instantText(newest.at)}`;
  terminal.out(`${styled(terminal, 'green', 'audit verified')}: ${streams} journals, ${entries} entries; ${against}`);
}
