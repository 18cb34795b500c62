import { cancelAnswer } from '../domain/change-cancel';
import type { CancelPhase } from '../domain/change-cancel';
import { accept, refuse } from './acts';
import { move } from './facts';
import { as } from './here';
import type { Here } from './here';
import type { ChangePhase } from './lifecycle';
import type { ChangeAct, ChangeReply } from './messages';
import { orderBackOut, orderStop } from './orders';
import { withdrawApproval } from './submission';

type Cancel = Extract<ChangeAct, { action: 'cancel' }>;

/** R-WIN-6: before the start it ends; while it is carried out it stops and by default is backed out; under review it cannot be. */
export async function cancel(act: Cancel, here: Here): Promise<ChangeReply> {
  const { state } = here;
  const answer = cancelAnswer({
    phase: cancelPhase[state.phase],
    touched: (state.run?.admitted.length ?? 0) > 0 || state.run?.outcome === null,
    passedNoReturn: state.run?.passedNoReturn ?? false,
  });
  switch (answer.kind) {
    case 'refused':
      return refuse('CHANGE_STATE', answer.reason);
    case 'cancelled':
      withdrawApproval(act.reason, here);
      state.outcome = 'cancelled';
      move(as(act, here), 'cancel', act.reason);
      return accept(here);
    case 'stops':
      if (act.keep || answer.backOut === 'nothing') await orderStop(act, here);
      else await orderBackOut(`cancelled by ${act.actor}: ${act.reason}`, act, here);
      return accept(here);
  }
}

const cancelPhase: { readonly [P in ChangePhase]: CancelPhase } = {
  draft: 'not-started',
  assessing: 'not-started',
  authorising: 'not-started',
  scheduled: 'not-started',
  held: 'not-started',
  implementing: 'implementing',
  'backing-out': 'backing-out',
  'backed-out': 'ended',
  'back-out-failed': 'ended',
  reviewing: 'reviewing',
  closed: 'ended',
  cancelled: 'ended',
  expired: 'ended',
};
