import type { Where } from '../../workflows/runbook/plan';
import type { FanOut, Targets } from '../../workflows/runbook/fields/schema';
import type { ExecStep, RunStep, UsesStep } from '../../workflows/runbook/steps/task/schema';
import type { EffectiveDefaults } from './defaults';
import { planCount } from './fields';
import { findOperation, operationName } from './operations';
import type { Call } from './operations';
import { below, placed, report } from './site';
import type { Placed, Site } from './site';
import { compileDelegate, compileTargets } from './targets';

export type AuthoredTask = ExecStep | RunStep | UsesStep;

export function targetsOf(
  step: { readonly targets?: Targets },
  defaults: EffectiveDefaults,
  site: Site,
): Placed<Targets> | undefined {
  return step.targets === undefined ? defaults.targets : placed(site, step.targets, 'targets');
}

type Located = Call & { readonly delegate?: AuthoredTask['delegate']; readonly fanOut?: FanOut };

/** Where a call runs: on the worker, on hosts, or in a rollout's body on the host at hand or its delegates. */
export function compileWhere(
  site: Site,
  call: Located,
  place: { readonly at: string; readonly targets: Placed<Targets> | undefined },
): Where | null {
  const { body } = site.scope;
  if (body !== null) {
    if (call.delegate === undefined) return { on: 'body' };
    const delegate = compileDelegate(site, placed(site, call.delegate, 'delegate'), { at: place.at, set: body.set });
    return delegate === null ? null : { on: 'body', delegate };
  }
  if (call.delegate !== undefined)
    report(below(site, 'delegate'), {
      code: 'DELEGATE_OUTSIDE_BODY',
      message: 'Cannot delegate here: outside a rollout there is no host to work for; use targets',
    });
  const manifest = findOperation(call.verb === 'uses' ? below(site, 'uses') : site, operationName(call));
  if (manifest === null) return null;
  if (manifest.on === 'worker') return { on: 'worker' };
  return compileHosts(site, call, place.targets);
}

function compileHosts(site: Site, call: Located, targets: Placed<Targets> | undefined): Where | null {
  if (targets === undefined) {
    report(site, {
      code: 'MISSING_TARGETS',
      message: `Cannot run ${call.verb === 'uses' ? call.uses : call.verb}: the step has no targets, and there is no implicit localhost`,
    });
    return null;
  }
  const fanOut = below(site, 'fanOut');
  const { parallel, maxFailures, allowEmpty = false } = call.fanOut ?? {};
  const chosen = compileTargets(site, targets, { allowEmpty });
  if (chosen === null) return null;
  return {
    on: 'hosts',
    set: chosen.set,
    single: chosen.single,
    parallel: parallel === undefined ? 10 : (planCount(below(fanOut, 'parallel'), parallel, 1) ?? 10),
    maxFailures: maxFailures === undefined ? 0 : (planCount(below(fanOut, 'maxFailures'), maxFailures) ?? 0),
    // What --limit leaves out is not there to fail.
    allowEmpty: allowEmpty || site.unit.session.limit !== null,
    ...(chosen.only === undefined ? {} : { only: chosen.only }),
  };
}

/** The hosts that `host` stands for in `as`, `connection`, `locks`. */
export function hostSet(site: Site, where: Where): string | null {
  switch (where.on) {
    case 'worker':
      return null;
    case 'hosts':
      return where.set;
    case 'body':
      return site.scope.body?.set ?? null;
  }
}
