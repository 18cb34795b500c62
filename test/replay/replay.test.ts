import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { historyFromJSON } from '@temporalio/common/lib/proto-utils';
import { Worker } from '@temporalio/worker';

import { bundleWorkflows } from '../../workers/bundle';

const histories = join(__dirname, 'histories');

describe('recorded histories', () => {
  let code = '';

  beforeAll(async () => {
    code = await bundleWorkflows(join(__dirname, '..', '..', 'workflows', 'index.ts'));
  }, 60_000);

  test.each(readdirSync(histories).filter((name) => name.endsWith('.json')))('%s replays', async (name) => {
    const history = historyFromJSON(JSON.parse(readFileSync(join(histories, name), 'utf8')));

    await expect(
      Worker.runReplayHistory({ workflowBundle: { code } }, history, `run/${name.replace('.json', '')}`),
    ).resolves.toBeUndefined();
  });
});
