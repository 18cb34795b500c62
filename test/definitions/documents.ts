/** A runbook around the given lines; they begin on line 5, indented by two. */
export function runbookText(...lines: readonly string[]): string {
  const head = [
    'apiVersion: mainstay/v1',
    'kind: Runbook',
    'metadata: {name: sample, version: 1.0.0, owner: team/web}',
    'spec:',
  ];
  return `${[...head, ...lines.map((line) => `  ${line}`)].join('\n')}\n`;
}

/** A runbook of the given steps; they begin on line 6, indented by four. */
export function stepsText(...lines: readonly string[]): string {
  return runbookText('steps:', ...lines.map((line) => `  ${line}`));
}

export function documentText(kind: string, ...lines: readonly string[]): string {
  const head = ['apiVersion: mainstay/v1', `kind: ${kind}`, 'metadata: {name: sample}', 'spec:'];
  return `${[...head, ...lines.map((line) => `  ${line}`)].join('\n')}\n`;
}

/** A text with a mark (`§`) at each place that a problem should point to, taken apart. */
export function readMarks(marked: string): {
  plain: string;
  places: readonly (readonly [line: number, column: number])[];
} {
  const parts = marked.split('§');
  const places = parts.slice(1).map((_, index) => placeAfter(parts.slice(0, index + 1).join('')));
  return { plain: parts.join(''), places };
}

function placeAfter(text: string): readonly [number, number] {
  return [text.split('\n').length, text.length - text.lastIndexOf('\n')];
}

/** The whole runbook of the language's reference. */
export const nginxUpgrade = `apiVersion: mainstay/v1
kind: Runbook
metadata: {name: nginx-rolling-upgrade, version: 1.0.0, title: Upgrade nginx behind HAProxy, owner: team/web}
spec:
  inputs: {version: {type: string, pattern: '^[0-9][0-9A-Za-z.+~-]*$'}}
  vars:
    web: \${{ inventory.hosts.filter(h, h.labels.role == 'web') }}
    balancers: \${{ inventory.hosts.filter(h, h.labels.role == 'lb') }}
  defaults: {as: root, timeout: PT2M, env: {SOCK: /run/haproxy/admin.sock}}
  steps:
    - id: approve
      approval: {policy: two-of-web, title: 'nginx \${{ inputs.version }}', due: PT24H, onDue: reject}
    - id: upgrade
      rollout:
        targets: \${{ vars.web }}
        waves: [1, 25%, 100%]
        parallel: 2
        bake: PT5M
        gate:
          - {id: shop, uses: http.request, with: {url: 'https://shop.example/healthz'}, pass: '\${{ result.status == 200 }}', sample: {every: PT15S, count: 8, failureLimit: 1}}
        onFailure: undo
      steps:
        - {id: before, exec: [dpkg-query, -W, '-f=\${Version}', nginx], effect: read}
        - id: drain
          delegate: \${{ vars.balancers }}
          run: &state echo "set server web/$SERVER state $STATE" | socat - "$SOCK"
          env: {SERVER: '\${{ host.name }}', STATE: drain}
          effect: idempotent
          pass: \${{ result.stdout == '' }}      # HAProxy reports errors as text, with exit 0
          undo: {after: started, run: *state, env: {STATE: ready}}
        - id: install
          exec: [apt-get, install, -y, --, 'nginx=\${{ inputs.version }}']
          env: {DEBIAN_FRONTEND: noninteractive}
          timeout: PT10M
          retry: {attempts: 3, delay: PT10S, backoff: 2}
          undo: {after: started, exec: [apt-get, install, -y, --allow-downgrades, --, 'nginx=\${{ host.steps.before.stdout }}']}
        - {id: check, exec: [curl, -fsS, 'http://127.0.0.1/healthz'], effect: read, poll: {every: PT2S, within: PT30S, consecutive: 3}}
        - id: undrain
          delegate: \${{ vars.balancers }}
          run: *state
          env: {SERVER: '\${{ host.name }}', STATE: ready}
          effect: idempotent
          pass: \${{ result.stdout == '' }}
          undo: {after: started, run: *state, env: {STATE: drain}}
  outputs: {upgraded: '\${{ steps.upgrade.counts.ok }}'}
`;
