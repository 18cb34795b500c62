// mainstay change open|plan|submit|list|show|edit|revise|reschedule|extend|cancel|review
import type { Command } from 'commander';

import type { Cli } from '../../cli';
import { registerChangeCancel } from './cancel';
import { registerChangeEdit } from './edit';
import { registerChangeExtend } from './extend';
import { registerChangeList } from './list';
import { registerChangeOpen } from './open';
import { registerChangePlan } from './plan';
import { registerChangeReschedule } from './reschedule';
import { registerChangeReview } from './review';
import { registerChangeRevise } from './revise';
import { registerChangeShow } from './show';
import { registerChangeSubmit } from './submit';

export function registerChange(program: Command, cli: Cli): void {
  const change = program
    .command('change')
    .description('a plan with a window, approvals and a back-out that meets its deadline');
  registerChangeOpen(change, cli);
  registerChangePlan(change, cli);
  registerChangeSubmit(change, cli);
  registerChangeList(change, cli);
  registerChangeShow(change, cli);
  registerChangeEdit(change, cli);
  registerChangeRevise(change, cli);
  registerChangeReschedule(change, cli);
  registerChangeExtend(change, cli);
  registerChangeCancel(change, cli);
  registerChangeReview(change, cli);
}
