import { isObject } from '../../workflows/domain/json-values';
import type { Input } from '../../workflows/runbook/inputs/schema';
import type { LoadedRunbook } from '../document';
import type { Problem } from '../problems';
import { atKey } from './note';

/** A process starts whatever implements its contract: with the contract's inputs, and it reads the contract's outputs. */
export function contractProblems(document: LoadedRunbook, contract: LoadedRunbook): readonly Problem[] {
  const { inputs = {}, outputs = {} } = document.spec;
  const wanted = contract.spec.inputs ?? {};
  const unmet = (path: readonly string[], state: string): Problem =>
    atKey(document, ['spec', ...path], {
      code: 'CONTRACT_UNMET',
      message: `Cannot implement "${contract.metadata.name}": ${state}`,
    });
  const ofInputs = Object.entries(wanted).flatMap(([name, input]) => {
    const own = inputs[name];
    if (own === undefined) return [unmet(['inputs'], `the input "${name}" (${input.type}) is missing`)];
    if (own.type !== input.type)
      return [unmet(['inputs', name], `the input "${name}" is ${own.type}, the contract says ${input.type}`)];
    return isRequired(own) && !isRequired(input)
      ? [unmet(['inputs', name], `the input "${name}" is required, and the contract leaves it open`)]
      : [];
  });
  const more = Object.entries(inputs)
    .filter(([name, input]) => !Object.hasOwn(wanted, name) && isRequired(input))
    .map(([name]) => unmet(['inputs', name], `the input "${name}" is required, and the contract does not give it`));
  const ofOutputs = Object.entries(contract.spec.outputs ?? {}).flatMap(([name, output]) => {
    if (!Object.hasOwn(outputs, name)) return [unmet(['outputs'], `the output "${name}" is missing`)];
    const [own, type] = [typeOf(outputs[name]), typeOf(output)];
    return own === null || type === null || own === type
      ? []
      : [unmet(['outputs', name], `the output "${name}" is ${own}, the contract says ${type}`)];
  });
  return [...ofInputs, ...more, ...ofOutputs];
}

function isRequired(input: Input): boolean {
  return input.required !== false && !('default' in input);
}

/** Of the typed form; the short form says none. */
function typeOf(output: NonNullable<LoadedRunbook['spec']['outputs']>[string] | undefined): string | null {
  const isTyped = typeof output === 'object' && isObject(output);
  return isTyped && typeof output['type'] === 'string' ? output['type'] : null;
}
