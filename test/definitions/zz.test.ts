import { loadText } from '../../definitions/load';
import { formatProblem } from '../../definitions/problems';
import { combinedSchema } from '../../definitions/json-schema';
import { lintDocuments } from '../../definitions/lint';
import { catalogue } from '../../activities/index';
import { readFileSync } from 'node:fs';
test('x', () => {
  const inv = 'apiVersion: mainstay/v1\nkind: Inventory\nmetadata: {name: a}\nspec:\n  groups: {web: {}}\n  hosts:\n' + Array.from({length: 10000}, (_, i) => `    - {name: web${i}, address: 10.0.0.${i % 250}, port: 22, user: deploy, labels: {role: web, zone: 01}, groups: [web], vars: {a: 1}}`).join('\n');
  const M = 8 * 1024 * 1024 - 10;
  const out: string[] = [];
  const cases: [string, string][] = [['inv', inv], ['[', '['.repeat(M)], ['- ', '- '.repeat(M / 2)], ['? ', '? '.repeat(M / 2)], ['&a ', '&a '.repeat(M / 3)], ['*a ', '*a '.repeat(M / 3)],['"', '"'.repeat(M)], ['a: 1\\n', 'a: 1\n'.repeat(M/5)], ['keys', Array.from({length: 600000}, (_, i) => `k${i}: 1`).join('\n')], ['- a', '- a\n'.repeat(M/4)], ['spaces', ' '.repeat(M)], ['nl', '\n'.repeat(M)], ['---', '---\n'.repeat(M/4)], ['#', '#'.repeat(M)], ['!', '! '.repeat(M/2)], ['{', '{a: '.repeat(M/4)], ['a', 'a'.repeat(M)], ['a ', 'a '.repeat(M/2)], [': ', ': '.repeat(M/2)], ['|', 'a: |\n' + ' x\n'.repeat(M/3)], ['%', '%a\n'.repeat(M/3)], ['tab', '\t'.repeat(M)], ['multi', 'a: "' + 'x\n'.repeat(M/2)], ['plainmulti', 'a: ' + 'x\n  '.repeat(M/4)], ['indent', Array.from({length: 4000}, (_, i) => ' '.repeat(i) + 'a:').join('\n')],
   ['bomb', 'apiVersion: mainstay/v1\nkind: Team\nmetadata: {name: a}\nspec:\n  x0: &x0 [1,1,1,1,1,1,1,1,1,1]\n' + Array.from({length: 12}, (_, i) => `  x${i+1}: &x${i+1} [${Array(10).fill(`*x${i}`).join(', ')}]`).join('\n')],
   ['bomb2', 'apiVersion: mainstay/v1\nkind: Runbook\nmetadata: {name: a, version: 1.0.0}\nspec:\n  vars:\n    x0: &x0 [1,1,1,1,1,1,1,1,1,1]\n' + Array.from({length: 12}, (_, i) => `    x${i+1}: &x${i+1} [${Array(10).fill(`*x${i}`).join(', ')}]`).join('\n')+'\n  steps: []'],
   ['unknown keys', 'apiVersion: mainstay/v1\nkind: Team\nmetadata: {name: a}\nspec:\n  members: []\n' + Array.from({length: 50000}, (_, i) => `  k${i}: 1`).join('\n')],
   ['many bad', 'apiVersion: mainstay/v1\nkind: Team\nmetadata: {name: a}\nspec:\n  members:\n' + Array.from({length: 30000}, (_, i) => `    - 'x ${i}'`).join('\n')],
   ['bad steps', 'apiVersion: mainstay/v1\nkind: Runbook\nmetadata: {name: a, version: 1.0.0}\nspec:\n  steps:\n' + Array.from({length: 20000}, () => `    - {exce: [a], foo: 1}`).join('\n')],
   ['dup anchors', Array.from({length: 20000}, (_, i) => `- &a${i} x`).join('\n')],
  ];
  for (const [name, text] of cases) { const t = Date.now(); const r = loadText('f', text); out.push(`${name} ${text.length} ${Date.now() - t}ms docs=${r.documents.length} n=${r.problems.length} ${r.problems[0] === undefined ? '' : formatProblem(r.problems[0]).slice(0, 150)}`); }
  const t0 = Date.now(); const d = loadText('n', readFileSync('/tmp/nginx.yaml', 'utf8'), { catalogue }); out.push(lintDocuments(d.documents, { catalogue }).map(formatProblem).join('\n') + (Date.now() - t0));
  const t1 = Date.now(); const js = combinedSchema(); out.push(JSON.stringify(js).length + ' ' + (Date.now() - t1));
  require('fs').writeFileSync('/tmp/zz.out', out.join('\n')); require('fs').writeFileSync('/tmp/schema.json', JSON.stringify(js, null, 1));
}, 600000);
