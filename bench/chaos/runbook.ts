/** Each step appends one line; a line that stands twice, or is missing, is an effect repeated or lost. */
export const chaosRunbook = `apiVersion: mainstay/v1
kind: Runbook
metadata: { name: chaos-rollout, version: 1.0.0, title: Append a line for each step, owner: team/chaos }
spec:
  inputs: { tag: { type: string, pattern: '^[a-z0-9]+$' } }
  vars: { all: '\${{ inventory.hosts }}' }
  defaults: { timeout: PT1M }
  steps:
    - id: rollout
      rollout: { targets: '\${{ vars.all }}', waves: [1, 50%, 100%], parallel: 3, onFailure: stop }
      steps:
        - { id: one, run: 'echo "$TAG one $(date +%s%N)" >> effects.log', env: { TAG: '\${{ inputs.tag }}' } }
        - { id: two, run: 'sleep 0.2; echo "$TAG two $(date +%s%N)" >> effects.log', env: { TAG: '\${{ inputs.tag }}' } }
        - { id: three, run: 'echo "$TAG three $(date +%s%N)" >> effects.log; sleep 0.1', env: { TAG: '\${{ inputs.tag }}' } }
`;

export const effectSteps = ['one', 'two', 'three'] as const;
