import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Json } from '../../workflows/domain/json';
import { lightPlan, lightProvider } from '../support/light-provider';
import { openStage } from '../integration/stage';
import type { Stage } from '../integration/stage';
import { features } from './features';
import { scriptedWorld } from './scripted-world';
import { scrub } from './scrub';

const folder = join(__dirname, 'histories');
let stage: Stage | null = null;

beforeAll(async () => {
  const runbooks = await readFile(join(__dirname, 'runbooks.yaml'), 'utf8');
  // A second inventory, and runs would have to say which one they mean.
  const plan = lightPlan('recorded-backup', 'team/web', { inventory: 'fleet', host: 'web1' });
  const backups = [...lightProvider(), plan];
  stage = await openStage({ documents: [runbooks, ...backups].join('\n---\n'), connectors: scriptedWorld() });
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder);
}, 60_000);

afterAll(() => stage?.close());

test.each(features)(
  'records $histories',
  async (feature) => {
    if (stage === null) throw new Error('Cannot record: the stage is not open');
    const { histories: names } = feature;
    const histories = await feature.record(stage);

    expect(histories).toHaveLength(names.length);
    for (const [index, name] of names.entries())
      await writeFile(join(folder, `${name}.json`), text(histories[index] ?? null));
  },
  60_000,
);

/** An event a line, so that a difference can be read. */
function text(history: Json): string {
  const scrubbed = scrub(history);
  const events = typeof scrubbed === 'object' && scrubbed !== null && 'events' in scrubbed ? scrubbed.events : null;
  if (!Array.isArray(events)) throw new Error('Cannot write the history: it has no events');
  return `{"events":[\n${events.map((event) => JSON.stringify(event)).join(',\n')}\n]}\n`;
}
