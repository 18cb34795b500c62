import type { InputRule } from '../../workflows/domain/input-rule';
import { acceptValue } from '../../workflows/domain/inputs';
import type { Json } from '../../workflows/domain/json';
import type { Value } from '../../workflows/domain/value';
import type { Program } from '../../workflows/runbook/plan';
import type { Output, TypedOutput } from '../../workflows/runbook/inputs/schema';
import { below, fresh, report } from './site';
import type { Site, Unit } from './site';
import { compileValue } from './values';

type Outputs = Pick<Program, 'outputs' | 'outputTypes'>;

/** What a run gives, and of which type, where the author says one. */
export function compileOutputs(site: Site, declared: Unit['spec']['outputs']): Outputs {
  const outputs: { [name: string]: Value } = {};
  const outputTypes: { [name: string]: InputRule } = {};
  for (const [name, output] of Object.entries(declared ?? {})) {
    const typed = isTyped(output) ? output : null;
    const at = fresh(typed === null ? below(site, name) : below(site, name, 'value'));
    const value = compileValue(at, typed?.value ?? (typed === null ? output : null), { secrets: 'refused' });
    outputs[name] = value;
    if (typed === null) continue;
    outputTypes[name] = { type: typed.type };
    if ('literal' in value && value.literal !== null) checkOutput(at, value.literal, { type: typed.type });
  }
  return { outputs, ...(Object.keys(outputTypes).length === 0 ? {} : { outputTypes }) };
}

function isTyped(output: Output): output is TypedOutput {
  return typeof output === 'object' && output !== null && 'value' in output;
}

function checkOutput(site: Site, value: Json, rule: InputRule): void {
  const accepted = acceptValue(value, rule);
  if (!accepted.ok)
    report(site, {
      code: 'INVALID_VALUE',
      message: `Cannot give the output: ${accepted.reason}`,
      accepted: [rule.type],
    });
}
