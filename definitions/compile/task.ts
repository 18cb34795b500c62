import type { PollPlan, RetryPlan, TaskStep, Where } from '../../workflows/runbook/plan';
import type { Poll, Retry } from '../../workflows/runbook/steps/base/schema';
import { mergeDefaults } from './defaults';
import { planMs } from './fields';
import { compileCall, inheritConnection } from './operations';
import { eitherRecord, recordFields } from './records';
import { below, report, withNames } from './site';
import type { Site } from './site';
import { addressOf, commonFields, lockFields } from './step-context';
import type { StepContext } from './step-context';
import { compileLocks } from './targets';
import { compileUndo } from './undo';
import { compileWhere, hostSet, targetsOf } from './where';
import type { AuthoredTask } from './where';

export interface CompiledTask {
  readonly step: Omit<TaskStep, 'rescue' | 'pointOfNoReturn'>;
  readonly fields: readonly string[];
  readonly secret: boolean;
}

export function compileTask(context: StepContext, authored: AuthoredTask): CompiledTask | null {
  const at = addressOf(context);
  const targets = targetsOf(authored, context.defaults, context.site);
  const where = compileWhere(context.site, authored, { at, targets });
  if (where === null) return null;
  // A step on several hosts is rendered for each of them, in a rollout or outside of one.
  const site = where.on === 'hosts' ? withNames(context.site, 'host') : context.site;
  return compileTaskAt({ ...context, site }, authored, { at, where });
}

function compileTaskAt(
  context: StepContext,
  authored: AuthoredTask,
  { at, where }: { readonly at: string; readonly where: Where },
): CompiledTask | null {
  const { site } = context;
  // The step's own fields stand in front of the defaults, also for its undo and probe.
  const defaults = mergeDefaults(context.defaults, inheritable(authored), site);
  const set = hostSet(site, where);
  const call = compileCall(site, authored, { at, set, defaults: context.defaults });
  if (call === null) return null;
  const { operation } = call;
  const poll = authored.poll === undefined ? null : compilePoll(below(site, 'poll'), authored.poll);
  if (poll !== null && operation.effect !== 'read')
    report(below(site, 'poll'), {
      code: 'POLL_NEEDS_READ',
      message: `Cannot poll the step: its effect is ${operation.effect}, only read is repeated until it passes`,
      found: operation.effect,
      accepted: ['read'],
    });
  const probe =
    authored.probe === undefined
      ? null
      : compileCall(below(site, 'probe'), inheritConnection(authored.probe, authored), {
          at,
          set,
          defaults,
          effect: 'read',
        });
  const undo = compileUndo({ ...context, defaults }, authored, { at, where, set });
  const step = {
    kind: 'task',
    operation,
    where,
    retry: compileRetry(below(site, 'retry'), authored.retry, operation.name),
    ...(poll === null ? {} : { poll }),
    ...(undo === null ? {} : { undo }),
    ...(probe === null ? {} : { probe: probe.operation }),
    ...lockFields(compileLocks(site, authored.locks, { at, set })),
    ...commonFields(context, authored, authored.verb),
  } as const;
  return { step, fields: fieldsOf(site, authored, where), secret: operation.capture.format === 'secret' };
}

type Inheritable = Pick<AuthoredTask, 'as' | 'connection' | 'timeout'>;

function inheritable(authored: AuthoredTask): Parameters<typeof mergeDefaults>[1] {
  const { as, connection, timeout }: Inheritable = authored;
  const common = {
    ...(as === undefined ? {} : { as }),
    ...(connection === undefined ? {} : { connection }),
    ...(timeout === undefined ? {} : { timeout }),
  };
  if (authored.verb === 'uses') return common;
  const { env, cwd } = authored;
  const shell = authored.verb === 'run' ? authored.shell : undefined;
  return {
    ...common,
    ...(env === undefined ? {} : { env }),
    ...(cwd === undefined ? {} : { cwd }),
    ...(shell === undefined ? {} : { shell }),
  };
}

function compileRetry(site: Site, retry: Retry | undefined, operation: string): RetryPlan {
  if (retry === undefined) return { attempts: 1, delayMs: 0, backoff: 1 };
  refuseUnknownCodes(below(site, 'on'), retry.on ?? [], operation);
  const maxDelayMs = retry.maxDelay === undefined ? undefined : planMs(below(site, 'maxDelay'), retry.maxDelay);
  const withinMs = retry.within === undefined ? undefined : planMs(below(site, 'within'), retry.within);
  return {
    attempts: retry.attempts,
    delayMs: retry.delay === undefined ? 0 : (planMs(below(site, 'delay'), retry.delay) ?? 0),
    backoff: retry.backoff ?? 1,
    ...(maxDelayMs === undefined ? {} : { maxDelayMs }),
    ...(withinMs === undefined ? {} : { withinMs }),
    ...(retry.on === undefined ? {} : { on: retry.on }),
  };
}

/** A code that never comes is a retry that never happens. */
function refuseUnknownCodes(site: Site, codes: readonly string[], operation: string): void {
  const [connector = ''] = operation.split('.');
  const accepted = site.unit.session.surroundings.catalogue[connector]?.failures;
  if (accepted === undefined) return;
  for (const [index, found] of codes.entries()) {
    if (accepted.includes(found)) continue;
    report(below(site, index), {
      code: 'UNKNOWN_FAILURE_CODE',
      message: `Cannot retry on "${found}": ${operation} does not fail with it`,
      found,
      accepted,
    });
  }
}

function compilePoll(site: Site, poll: Poll): PollPlan | null {
  const everyMs = planMs(below(site, 'every'), poll.every);
  const withinMs = planMs(below(site, 'within'), poll.within);
  if (everyMs === undefined || withinMs === undefined) return null;
  return { everyMs, withinMs, consecutive: poll.consecutive ?? 1 };
}

function fieldsOf(site: Site, authored: AuthoredTask, where: Where): readonly string[] {
  const single = authored.verb === 'uses' ? 'operation' : 'command';
  if (where.on !== 'hosts') return recordFields(single);
  if (!site.unit.evaluates) return eitherRecord(single, 'many');
  return recordFields(where.single ? single : 'many');
}
