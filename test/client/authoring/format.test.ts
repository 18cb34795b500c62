import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { formatText } from '../../../client/authoring/format';
import { definitionFiles } from '../../../definitions/library';

const text = `apiVersion: mainstay/v1
kind: Team
metadata: {name: web,    version: 1.0.0}   # the web team
spec:
    members: [ user/anna,
       user/ben ]
---
# second
apiVersion: mainstay/v1
kind: Runbook
metadata: {name: x, version: 1.10.0}
spec:
  steps:
   - {id: a, uses: core.echo, with: {message: "hi", mode: '0644'}}
   - id: b
     run: &s |
       echo hi
     targets: web1
   - {id: c, run: *s, targets: web2}
`;

test('formatText() gives one layout and keeps comments, anchors and documents apart', () => {
  const formatted = formatText('x.yaml', text);

  expect(formatted).toMatchInlineSnapshot(`
   {
     "ok": true,
     "text": "apiVersion: mainstay/v1
   kind: Team
   metadata: {name: web, version: 1.0.0} # the web team
   spec:
     members: [user/anna, user/ben]
   ---
   # second
   apiVersion: mainstay/v1
   kind: Runbook
   metadata: {name: x, version: 1.10.0}
   spec:
     steps:
       - {id: a, uses: core.echo, with: {message: "hi", mode: '0644'}}
       - id: b
         run: &s |
           echo hi
         targets: web1
       - {id: c, run: *s, targets: web2}
   ",
   }
  `);
});

test('formatText() changes nothing the second time', () => {
  const once = formatText('x.yaml', text);

  expect(once.ok && formatText('x.yaml', once.text)).toEqual(once);
});

test('formatText() tells what is wrong instead of touching a broken text', () => {
  expect(formatText('x.yaml', 'kind: [')).toMatchObject({ ok: false });
});

const examples = definitionFiles(join(__dirname, '../../../examples')).map((file) => [file] as const);

test.each(examples)('%s has the one layout', (file) => {
  const example = readFileSync(file, 'utf8');

  expect(formatText(file, example)).toEqual({ ok: true, text: example });
});
