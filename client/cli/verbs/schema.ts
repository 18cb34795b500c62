// mainstay schema [KIND]
import type { Command } from 'commander';

import { definitionKinds } from '../../../definitions/document';
import { combinedSchema, kindSchema } from '../../../definitions/json-schema';
import type { Cli } from '../cli';
import { examples, withJson } from '../cli';
import { Misuse } from '../failure';
import { printJson } from '../terminal';

export function registerSchema(program: Command, cli: Cli): void {
  withJson(
    program
      .command('schema')
      .description('print the JSON Schema of documents, for editors')
      .addHelpText('after', examples('mainstay schema > mainstay.schema.json')),
  )
    .argument('[kind]', `one of ${definitionKinds.join(', ')} (else all)`)
    .action((name: string | undefined) => {
      if (name === undefined) return printJson(cli.terminal, combinedSchema());
      const kind = definitionKinds.find((known) => known === name);
      if (kind === undefined)
        throw new Misuse(`Cannot print the schema of "${name}": kinds are ${definitionKinds.join(', ')}`);
      printJson(cli.terminal, kindSchema(kind));
    });
}
