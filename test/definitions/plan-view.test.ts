import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describePlan } from '../../definitions/plan-view';
import { formatPlan } from '../../definitions/plan-view/format';
import { planText, withInventory } from './compiled';

const examples = join(__dirname, '..', '..', 'examples');
const nginx = ['nginx-upgrade.yaml', 'inventory.yaml', 'people.yaml']
  .map((name) => readFileSync(join(examples, name), 'utf8'))
  .join('---\n');

test('formatPlan() is what a change manager reads before the rolling upgrade', async () => {
  const made = await planText({ text: nginx, inputs: { version: '1.24.0' } });

  const members = new Map([['team/web', ['user/anna', 'user/ben', 'user/carl']]]);
  const shown = formatPlan(describePlan(made, members), { requester: 'user/carl' });

  expect(shown.replace(/sha256:[0-9a-f]{64}/, 'sha256:…')).toMatchInlineSnapshot(`
   "Upgrade nginx behind HAProxy (nginx-rolling-upgrade 1.0.0)
     plan       sha256:…
     owner      team/web
     requester  user/carl
     inputs     version=1.24.0
     team/web   user/anna, user/ben, user/carl
     hosts      7
     takes      at least 22 min, and the time that people take
     on failure stop

   1. approve · approval
        nginx 1.24.0
        asks 2 of team/web, not the requester
        due in 24 h, then: reject
        on reject: fail
   2. upgrade · rollout
        6 hosts in 3 waves, 2 at a time
        wave 1: 1 host: web1
        wave 2: 1 host: web2
        wave 3: 4 hosts: web3, web4, web5, web6
        gate shop: http.request {"url":"https://shop.example/healthz"} passes if result.status == 200; 8 samples every 15 s, at most 1 failing
        up to 0 failed hosts are tolerated, then: undo
        a failed host is left as it is
        5 min of watching after each wave
        on each host:
      2.1. before · exec · read · as root
           dpkg-query -W '-f=\${Version}' nginx
      2.2. drain · run · idempotent · as root · on lb1 for the host
           echo "set server web/$SERVER state $STATE" | socat - "$SOCK"
           with SOCK=/run/haproxy/admin.sock SERVER=«host.name» STATE=drain
           passes if result.stdout == ''
           undo: echo "set server web/$SERVER state $STATE" | socat - "$SOCK"
                 with SOCK=/run/haproxy/admin.sock SERVER=«host.name» STATE=ready
      2.3. install · exec · journaled · as root
           apt-get install -y -- nginx=1.24.0
           up to 3 attempts
           undo: apt-get install -y --allow-downgrades -- nginx=«host.steps.before.stdout»
      2.4. check · exec · read · as root
           curl -fsS http://127.0.0.1/healthz
           repeated every 2 s for 30 s until it passes 3 times
      2.5. undrain · run · idempotent · as root · on lb1 for the host
           echo "set server web/$SERVER state $STATE" | socat - "$SOCK"
           with SOCK=/run/haproxy/admin.sock SERVER=«host.name» STATE=ready
           passes if result.stdout == ''
           undo: echo "set server web/$SERVER state $STATE" | socat - "$SOCK"
                 with SOCK=/run/haproxy/admin.sock SERVER=«host.name» STATE=drain
   "
  `);
});

test('describePlan() shows secrets as references and run-time values as names', async () => {
  const made = await planText({
    text: withInventory(`
secrets: { token: 'env:TOKEN' }
steps:
  - { id: a, targets: web1, exec: [cat, release], effect: read }
  - { id: b, targets: web1, exec: [echo, '\${{ steps.a.stdout }}', 'it is'], env: { T: '\${{ secrets.token }}' }, undo: none }
  - { id: c, uses: http.request, with: { url: 'https://shop.example/', headers: { Authorization: 'Bearer \${{ secrets.token }}' } } }
`),
  });

  const { steps } = describePlan(made);

  expect(steps.map((step) => [step.does, step.effect, step.where])).toEqual([
    [['cat release'], 'read', 'web1'],
    [["echo «steps.a.stdout» 'it is'"], 'journaled', 'web1'],
    [
      ['http.request {url: https://shop.example/, headers: {Authorization: Bearer <secret env:TOKEN>}}'],
      'read',
      'worker',
    ],
  ]);
});

test('describePlan() adds estimates up, and says where there are none', async () => {
  const made = await planText({
    text: withInventory(`
steps:
  - id: roll
    rollout: { targets: "\${{ inventory.hosts.filter(h, h.labels.role == 'web') }}", waves: [1, 100%], parallel: 1, bake: PT1M }
    steps: [{ id: x, exec: [x], estimate: PT10S, undo: none }]
  - { id: y, uses: core.echo, with: {} }
`),
  });

  expect(describePlan(made).prediction).toEqual({ ms: 3 * 10_000 + 2 * 60_000, atLeast: true, waitsForPeople: false });
});
