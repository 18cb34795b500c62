import type { ReactNode } from 'react';
import { useState } from 'react';

import { Button } from '../../kit/button';
import { useRefusal } from '../../permission';
import { actSpecs, planRefusal } from './act-model';
import type { PlanAct } from './act-model';
import { BackupActDialog } from './backup-act-dialog';
import type { PlanView } from './backup-types';

const acts: readonly PlanAct[] = ['run', 'verify', 'drill', 'restore', 'forget', 'pause', 'resume'];

export function BackupActions({ plan }: { readonly plan: PlanView }): ReactNode {
  const [asked, setAsked] = useState<PlanAct | null>(null);
  return (
    <>
      {acts.map((act) => (
        <PlanActButton key={act} act={act} plan={plan} onAsk={() => setAsked(act)} />
      ))}
      <BackupActDialog
        asked={asked === null ? null : { plan: plan.name, act: asked, set: null }}
        onClose={() => setAsked(null)}
      />
    </>
  );
}

interface ButtonProps {
  readonly act: PlanAct;
  readonly plan: PlanView;
  readonly onAsk: () => void;
}

function PlanActButton({ act, plan, onAsk }: ButtonProps): ReactNode {
  const { title, action } = actSpecs[act];
  const forbidden = useRefusal(action);
  return (
    <Button tone={act === 'run' ? 'primary' : 'plain'} refused={forbidden ?? planRefusal(act, plan)} onClick={onAsk}>
      {title}
    </Button>
  );
}
