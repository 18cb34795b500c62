/** Documents that the figures are taken with. */
const metadata = (name: string) => `metadata: { name: ${name}, version: 1.0.0, title: A figure, owner: team/bench }`;

/** `count` light steps in sequence. */
export function lightRunbook(count: number): string {
  return runbook(
    'light',
    Array.from({ length: count }, (_, index) => `- { id: s${index}, uses: core.echo, with: { value: ${index} } }`),
  );
}

/** `count` steps in sequence, each an activity. */
export function activityRunbook(count: number): string {
  return runbook(
    'activities',
    Array.from({ length: count }, (_, index) => `- { id: s${index}, uses: core.sleep, with: { for: PT0S } }`),
  );
}

export function twoStepRunbook(kind: 'light' | 'activities'): string {
  const step = kind === 'light' ? 'uses: core.echo, with: { value: 1 }' : 'uses: core.sleep, with: { for: PT0S }';
  return runbook(`two-${kind}`, [`- { id: a, ${step} }`, `- { id: b, ${step} }`]);
}

export const fanOutRunbook = runbook('fan-out', [
  "- { id: name, exec: [uname, -n], targets: '${{ inventory.hosts }}', fanOut: { parallel: 100 } }",
]);

export const team = `apiVersion: mainstay/v1
kind: Team
${metadata('bench')}
spec: { members: [user/anna], secrets: ['file:'] }
`;

function runbook(name: string, steps: readonly string[]): string {
  return `apiVersion: mainstay/v1
kind: Runbook
${metadata(name)}
spec:
  steps:
${steps.map((step) => `    ${step}`).join('\n')}
`;
}
