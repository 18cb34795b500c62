import { join } from 'node:path';

import type { FleetHost } from '../../test/support/fleet/fleet';

/** What one host is backed up from and to, and where its drills take place. */
export interface BackupPlace {
  readonly plan: string;
  readonly host: FleetHost;
  readonly source: string;
  readonly repository: string;
  readonly places: string;
}

export const hookSteps = ['freeze', 'thaw'] as const;

/** Of one host: files into restic with hooks that leave a line each, two kept sets, and drills in a network of their own. */
export function backupDocuments(place: BackupPlace, about: { hostName: string; passwordFile: string }): string {
  const { plan, host, source, repository, places } = place;
  const hook = (step: string): string => `apiVersion: mainstay/v1
kind: Runbook
metadata: { name: ${plan}-${step}, version: 1.0.0, title: Leave a line, owner: team/chaos }
spec:
  implements: backup/hook@1
  inputs: { host: { type: host }, service: { type: string }, label: { type: string } }
  steps:
    - id: line
      targets: '\${{ inputs.host }}'
      run: 'echo "$TAG ${step} $(date +%s%N)" >> ${join(host.home, 'effects.log')}'
      env: { TAG: '\${{ inputs.label }}' }
`;
  return `${hookSteps.map(hook).join('---\n')}---
apiVersion: mainstay/v1
kind: BackupPlan
metadata: { name: ${plan}, version: 1.0.0, title: Files that are backed up while things die, owner: team/chaos }
spec:
  service: ${plan}
  provider: restic
  inventory: fleet
  host: ${host.name}
  source: [${source}]
  with: { initialise: true }
  repositories: { primary: { location: ${repository}, password: 'file:${about.passwordFile}' } }
  backups: [{ id: files }]
  quiesce: { before: ${plan}-freeze, after: ${plan}-thaw }
  success: { trend: 1000 }
  retention: { last: 2, grace: 1s }
  drill:
    directory: ${places}
    identity: { hostName: ${about.hostName} }
    stableFor: 1s
    mutations: [flipped-bytes]
`;
}
