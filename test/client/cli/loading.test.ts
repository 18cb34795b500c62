import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const root = join(__dirname, '../../..');
const script = `
  require(process.argv[1]);
  require(process.argv[2]);
  console.log(JSON.stringify(Object.keys(require.cache)));
`;

// Every command loads the whole program, and mostly prints a few lines: what few of them need is loaded by those.
test('the program of the command line loads no client of HTTP and nothing of Temporal to begin with', async () => {
  const files = [join(root, 'test/support/typescript-child.js'), join(root, 'client/cli/program.ts')];

  const { stdout } = await promisify(execFile)(process.execPath, ['-e', script, ...files]);

  const loaded: unknown = JSON.parse(stdout);
  expect(loaded).toEqual(expect.arrayContaining([expect.stringContaining('commander')]));
  expect(loaded).not.toEqual(expect.arrayContaining([expect.stringMatching(/node_modules\/(axios|@temporalio)\//)]));
});
