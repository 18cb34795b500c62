import { join } from 'node:path';

import { processCli } from '../../../client/cli/process-cli';
import { runCli } from '../../../client/cli/program';
import { readConfig } from '../../../platform/config';
import { recordingTerminal } from '../../support/client/recording-terminal';

const root = join(__dirname, '..', '..', '..');

test.each(['examples', 'definitions/library'])('mainstay check finds nothing wrong in %s', async (folder) => {
  const terminal = recordingTerminal();

  const exitCode = await runCli(['check', join(root, folder)], processCli(readConfig, terminal));

  expect({ exitCode, said: terminal.stdout }).toEqual({ exitCode: 0, said: [] });
});
