// mainstay hook list | deliveries [--subscription NAME] [--state STATE] | retry ID
import type { Command } from 'commander';
import { z } from 'zod';

import { DeliveryView, HookList, SubscriptionList } from '../../api/hook-schema';
import { apiPath } from '../../typed/path';
import type { Cli, ConnectionOptions, OutputOptions } from '../cli';
import { examples, withEngine } from '../cli';
import { everyPage } from '../every-page';
import { printJson, printRows } from '../terminal';
import { instantText } from '../wording';

type Options = ConnectionOptions & OutputOptions;

interface DeliveryOptions extends Options {
  readonly subscription?: string;
  readonly state?: string;
}

export function registerHook(program: Command, cli: Cli): void {
  const hook = program
    .command('hook')
    .description('what others may call, and who is told of what happens')
    .addHelpText('after', examples('mainstay hook list', 'mainstay hook deliveries --state dead'));
  withEngine(hook.command('list').description('list hooks and subscriptions')).action((options: Options) =>
    list(cli, options),
  );
  withEngine(hook.command('deliveries').description('list messages to those who are told, newest first'))
    .option('--subscription <name>', 'of this one')
    .option('--state <state>', 'waiting, sending, delivered or dead')
    .action((options: DeliveryOptions) => deliveries(cli, options));
  withEngine(hook.command('retry').description('tell a receiver once more of what was given up'))
    .argument('<id>', 'as "hook deliveries" shows it')
    .action((id: string, options: Options) => retry(cli, id, options));
}

async function list(cli: Cli, options: Options): Promise<void> {
  const api = await cli.connect(options);
  const hooks = (await everyPage(api, { path: '/hooks' }, HookList)).flatMap((page) => page.hooks);
  const told = await everyPage(api, { path: '/subscriptions' }, SubscriptionList);
  const subscriptions = told.flatMap((page) => page.subscriptions);
  if (options.json === true) return printJson(cli.terminal, { hooks, subscriptions });
  const rows = [
    ...hooks.map(({ name, address, does }) => ['in', name, address, does]),
    ...subscriptions.map(({ name, url, events, active }) => [
      'out',
      name,
      url,
      active ? events.join(',') : 'not active',
    ]),
  ];
  printRows(cli.terminal, ['WAY', 'NAME', 'ADDRESS', 'WHAT'], rows);
}

async function deliveries(cli: Cli, options: DeliveryOptions): Promise<void> {
  const api = await cli.connect(options);
  const { subscription, state } = options;
  const page = z.object({ deliveries: z.array(DeliveryView) });
  const { deliveries: found } = await api.get('/deliveries', { subscription, state }, page);
  if (options.json === true) return printJson(cli.terminal, found);
  const rows = found.map((each) => [
    each.id,
    each.subscription,
    each.kind,
    each.state,
    String(each.attempts),
    instantText(each.createdAt),
    each.answer ?? '',
  ]);
  printRows(cli.terminal, ['ID', 'SUBSCRIPTION', 'EVENT', 'STATE', 'ATTEMPTS', 'SINCE', 'ANSWER'], rows);
}

async function retry(cli: Cli, id: string, options: Options): Promise<void> {
  const api = await cli.connect(options);
  const delivery = await api.post(apiPath`/deliveries/${id}/retry`, { body: {} }, DeliveryView);
  if (options.json === true) return printJson(cli.terminal, delivery);
  cli.terminal.out(`Delivery ${delivery.id} is told again`);
}
