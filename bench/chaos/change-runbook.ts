/** Hosts that one change works on; its gate fails when two of them are done, so that the third is never touched. */
export const hostsOfChange = 3;
export const touchedHosts = 2;

/** What each step leaves on a touched host, forth and back. */
export const changeSteps = ['one', 'two', 'back-two', 'back-one'] as const;

/** Forward and back, each step appends one line; what serves is a file whose content is the state that must come out. */
export function changeDocuments(gateUrl: string): string {
  const line = (step: string, before = ''): string => `${before}echo "$TAG ${step} $(date +%s%N)" >> effects.log`;
  return `apiVersion: mainstay/v1
kind: Runbook
metadata: { name: chaos-change, version: 1.0.0, title: Go forth and come back, owner: team/chaos }
spec:
  inputs: { tag: { type: string, pattern: '^[a-z0-9]+$' } }
  vars: { all: '\${{ inventory.hosts }}' }
  defaults: { timeout: PT1M, env: { TAG: '\${{ inputs.tag }}' } }
  steps:
    - id: rollout
      rollout:
        targets: '\${{ vars.all }}'
        waves: [1, 67%, 100%]
        parallel: 1
        onFailure: undo
        gate:
          - { id: shop, uses: http.request, with: { url: '${gateUrl}/\${{ wave.index }}' }, pass: '\${{ result.status == 200 }}' }
      steps:
        - id: one
          estimate: 5s
          run: '${line('one')}; echo new > state.$TAG'
          undo: { after: started, run: '${line('back-one')}; echo old > state.$TAG' }
        - id: two
          estimate: 5s
          run: '${line('two', 'sleep 0.2; ')}'
          undo: { after: started, run: '${line('back-two')}; sleep 0.1' }
---
apiVersion: mainstay/v1
kind: ApprovalPolicy
metadata: { name: chaos-board, version: 1.0.0, owner: team/chaos }
spec: { approvers: [user/anna, user/ben], min: 2 }
---
apiVersion: mainstay/v1
kind: ChangeModel
metadata: { name: chaos-change, version: 1.0.0, owner: team/chaos }
spec: { type: normal, approval: chaos-board, changeManagers: [user/mara], dutyManagers: [user/dora], unknownDuration: timeout }
`;
}
