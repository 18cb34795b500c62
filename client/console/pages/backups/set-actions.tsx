import type { ReactNode } from 'react';
import { useState } from 'react';

import { Button } from '../../kit/button';
import { useRefusal } from '../../permission';
import { actSpecs } from './act-model';
import type { SetAct } from './act-model';
import { BackupActDialog } from './backup-act-dialog';
import type { RestorePoint } from './backup-types';

const acts: readonly SetAct[] = ['restore', 'drill', 'verify', 'hold', 'release'];

export function SetActions({ plan, point }: { readonly plan: string; readonly point: RestorePoint }): ReactNode {
  const [asked, setAsked] = useState<SetAct | null>(null);
  const { id, holds, prunedAt } = point;
  if (prunedAt !== null) return <span className="muted">deleted</span>;
  const names = holds.map(({ name }) => name);
  return (
    <span className="set-actions">
      {acts
        .filter((act) => act !== 'release' || names.length > 0)
        .map((act) => (
          <SetActButton key={act} act={act} onAsk={() => setAsked(act)} />
        ))}
      <BackupActDialog
        asked={asked === null ? null : { plan, act: asked, set: id, holds: names }}
        onClose={() => setAsked(null)}
      />
    </span>
  );
}

function SetActButton({ act, onAsk }: { readonly act: SetAct; readonly onAsk: () => void }): ReactNode {
  const { title, action } = actSpecs[act];
  const forbidden = useRefusal(action);
  return (
    <Button tone="quiet" refused={forbidden} onClick={onAsk}>
      {title}
    </Button>
  );
}
