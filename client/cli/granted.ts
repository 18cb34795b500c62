import type { Command } from 'commander';

import { collect } from './cli';
import { Misuse } from './failure';

export interface GrantOptions {
  readonly role?: readonly string[];
  readonly where?: readonly string[];
}

/** `--role`, `--where`, on verbs that give somebody roles. */
export function withGrants(command: Command): Command {
  return command
    .option(
      '--role <role>',
      'viewer, operator, approver, author, manager, auditor or admin; may be given several times',
      collect,
    )
    .option('--where <label=values>', 'only what has this label: service=shop,pay or environment=test*', collect);
}

/** As the API takes them. */
export function grantBody({ role, where }: GrantOptions): {
  readonly roles?: readonly string[];
  readonly where?: { readonly [label: string]: readonly string[] };
} {
  return {
    ...(role === undefined ? {} : { roles: role }),
    ...(where === undefined ? {} : { where: Object.fromEntries(where.map(parseLabel)) }),
  };
}

function parseLabel(text: string): readonly [label: string, values: readonly string[]] {
  const at = text.indexOf('=');
  const values = text
    .slice(at + 1)
    .split(',')
    .map((value) => value.trim())
    .filter((value) => value !== '');
  if (at < 1 || values.length === 0) throw new Misuse(`Cannot use --where "${text}": expected label=value,value`);
  return [text.slice(0, at), values];
}
