import { formatText } from '../../../client/authoring/format';

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
