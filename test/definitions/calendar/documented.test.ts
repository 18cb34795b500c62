import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { catalogue } from '../../../activities/index';
import { lintDocuments } from '../../../definitions/lint';
import { loadText } from '../../../definitions/load';

const page = readFileSync(join(__dirname, '../../../docs/calendars.md'), 'utf8');
const snippets = [...page.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text = '']) => text);

test('every document of docs/calendars.md is one that check accepts', () => {
  const loaded = snippets.map((text, at) => loadText(`snippet ${at + 1}`, text, { catalogue }));

  expect(loaded.flatMap(({ documents, problems }) => [...problems, ...lintDocuments(documents)])).toEqual([]);
  expect(loaded.flatMap(({ documents }) => documents.map(({ kind }) => kind))).toEqual([
    'Calendar',
    'Calendar',
    'Runbook',
  ]);
});
