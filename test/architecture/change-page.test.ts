import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { checkDocuments } from '../../client/authoring/check';
import { shippedDocuments } from '../../activities/plans/shipped';
import { readDraft } from '../../definitions/change-draft';
import { loadText } from '../../definitions/load';
import { actsIn } from '../../workflows/change/messages';
import { changeLifecycle } from '../../workflows/change/lifecycle';
import { ChangeModel } from '../../workflows/change/schema';
import { loadFiles } from '../../definitions/load';

const root = join(__dirname, '..', '..');
const page = readFileSync(join(root, 'docs/change.md'), 'utf8');

function rowsBelow(heading: string): readonly (readonly string[])[] {
  const section = page.slice(page.indexOf(heading)).split('\n## ')[0] ?? '';
  const lines = section.split('\n').filter((line) => line.startsWith('|'));
  return lines.slice(2).map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

function blocks(info: string): readonly string[] {
  return [...page.matchAll(new RegExp(`^\`\`\`${info}\\n([\\s\\S]*?)^\`\`\``, 'gm'))].map(([, text]) => text ?? '');
}

test('docs/change.md has the phases, their acts and where they lead as the engine has them', () => {
  const told = rowsBelow('## Phases').map(([phase, , acts, leads]) => ({ phase, acts, leads }));

  expect(told).toEqual(
    changeLifecycle.states.map((phase) => ({
      phase,
      acts: actsIn[phase].join(', '),
      leads: changeLifecycle
        .events(phase)
        .map((event) => `${event} → ${changeLifecycle.next(phase, event) ?? ''}`)
        .join(', '),
    })),
  );
});

test('docs/change.md lists every field of a model, and no other', () => {
  const told = rowsBelow('## Models').map(([field]) => (field ?? '').replaceAll('`', ''));

  expect(told).toEqual(Object.keys(ChangeModel.shape));
});

test('the draft of docs/change.md can be read', () => {
  const drafts = blocks('yaml draft').map((text) => readDraft('draft.yaml', text));

  expect(drafts).toMatchObject([{ ok: true, draft: { title: 'Release the shop' } }]);
});

test('the model of docs/change.md has no problem', () => {
  const around = loadFiles([join(root, 'test', 'architecture', 'change-page.yaml')]);
  const models = blocks('yaml').map((text) => loadText('model.yaml', text));

  expect(around.problems).toEqual([]);
  expect(models).toHaveLength(1);
  for (const given of models) {
    const tiers = [around.documents, shippedDocuments()];
    expect(checkDocuments(given, { tiers, files: new Map() }).problems).toEqual([]);
  }
});
