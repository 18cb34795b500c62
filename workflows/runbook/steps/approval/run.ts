import { approve } from '../../approve';
import type { Here, Opened } from '../../here';
import type { ApprovalStep } from '../../plan';
import { ended, failedEnd } from '../../records';
import type { StepEnd } from '../../records';

export async function runApproval(step: ApprovalStep, { path }: Opened, here: Here): Promise<StepEnd> {
  if (here.input.check) return ended;
  const approval = await approve(step.approval, { path, reads: step.reads }, here);
  if (!approval.ok) return failedEnd(approval.failure);
  const { choice, by, comment } = approval.decision;
  return { ...ended, fields: { choice, by, comment, form: null } };
}
