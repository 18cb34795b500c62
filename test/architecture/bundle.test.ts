import { join } from 'node:path';

import { bundleWorkflows } from '../../workers/bundle';
import { root, sourceFiles } from './source';

const maximumBytes = 4 * 1024 * 1024;

describe('the workflow bundle', () => {
  test('builds, holds no zod, and stays under 4 MB', async () => {
    const code = await bundleWorkflows(join(root, 'workflows/index.ts'));

    expect(code).not.toMatch(/node_modules\/zod\//);
    expect(Buffer.byteLength(code)).toBeLessThan(maximumBytes);
  }, 60_000);

  // D2: an omitted cancellation type behaves as TRY_CANCEL, and an activity that dies after a cancel request is not retried.
  test('activity options come from one factory, which waits for a cancellation to complete (D2)', () => {
    const makers = sourceFiles('workflows').filter((file) =>
      /\b(proxyActivities|scheduleActivity|startToCloseTimeout)\b/.test(file.text),
    );

    expect(makers).toHaveLength(1);
    expect(makers[0]?.text).toMatch(/WAIT_CANCELLATION_COMPLETED/);
  });
});
