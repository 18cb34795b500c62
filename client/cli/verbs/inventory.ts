// mainstay inventory list [--inventory FILE] [--where CEL]
import type { Command } from 'commander';

import type { ResolvedInventory } from '../../../definitions/inventory';
import { evaluateExpression } from '../../../workflows/domain/expression';
import { readInventory } from '../../../activities/plans/inventory';
import { nothingPublished } from '../../../activities/plans/published';
import { refuseForProblems } from '../authoring';
import type { Cli, ConnectionOptions, OutputOptions } from '../cli';
import { examples, withEngine } from '../cli';
import { Misuse } from '../failure';
import { publishedSources } from '../published-sources';
import { printJson, printRows } from '../terminal';

interface Options extends ConnectionOptions, OutputOptions {
  readonly inventory?: string;
  readonly where?: string;
}

export function registerInventory(program: Command, cli: Cli): void {
  const inventory = program.command('inventory').description('hosts that runbooks can work on');
  withEngine(
    inventory
      .command('list')
      .description('list hosts; with a file no engine is needed')
      .addHelpText(
        'after',
        examples(`mainstay inventory list --inventory hosts.yaml --where "host.labels.role == 'web'"`),
      ),
  )
    .option('--inventory <file-or-name>', 'inventory file, or the name of a published one')
    .option('--where <cel>', 'only hosts for which this holds, such as host.labels.role == "web"')
    .action((options: Options) => list(cli, options));
}

async function list(cli: Cli, options: Options): Promise<void> {
  const isFile = options.inventory !== undefined && /\.ya?ml$/.test(options.inventory);
  const published = isFile ? nothingPublished : await publishedSources(await cli.connect(options));
  const read = await readInventory(options.inventory, published);
  if (!read.ok) refuseForProblems(cli.terminal, read.problems, options.json === true);
  const { where } = options;
  const hosts = where === undefined ? read.inventory.hosts : read.inventory.hosts.filter((host) => holds(where, host));
  if (options.json === true) return printJson(cli.terminal, hosts);
  const rows = hosts.map((host) => [
    host.name,
    `${host.user ?? ''}@${host.address}:${host.port ?? 22}`.replace(/^@/, ''),
    host.groups.join(' '),
    Object.entries(host.labels)
      .map(([name, value]) => `${name}=${value}`)
      .join(' '),
  ]);
  printRows(cli.terminal, ['HOST', 'ADDRESS', 'GROUPS', 'LABELS'], rows);
}

function holds(where: string, { name, address, labels, groups, vars }: ResolvedInventory['hosts'][number]): boolean {
  const answer = evaluateExpression(where, { host: { name, address, labels, groups, vars } });
  if (!answer.ok) throw new Misuse(`Cannot select hosts: ${answer.failure.message}`);
  if (typeof answer.value !== 'boolean')
    throw new Misuse('Cannot select hosts: the expression is neither true nor false');
  return answer.value;
}
