import { asComprehension, childrenOf, pathsOf } from '../../workflows/domain/expression-syntax';
import type { Syntax } from '../../workflows/domain/expression-syntax';
import type { HostRecord, VisibleStep } from './site';

/** A field that an expression reads of the hosts of a step: `h.steps.before.stdout` in `steps.up.hosts.map(h, …)`. */
export interface HostRead {
  /** The step that has the hosts. */
  readonly id: string;
  readonly fields: readonly string[];
  readonly start: number;
}

/** `error` and `status` of a host are those of the rollout; what its steps have left is below `steps`. */
const rolloutHostFields = ['name', 'status', 'ok', 'error', 'steps'];

/** What expressions outside of a rollout read of one of its hosts. */
export function rolloutHost(visible: ReadonlyMap<string, VisibleStep>): HostRecord {
  const inside = [...visible].filter(([, step]) => step.inBody);
  return { fields: rolloutHostFields, steps: new Map(inside) };
}

/** Everything that is read of an element of `steps.x.hosts`, also behind a `filter`. */
export function hostReads(syntax: Syntax): readonly HostRead[] {
  const loop = asComprehension(syntax);
  const id = loop === null ? null : ownerOf(loop.list);
  const own =
    loop === null || id === null
      ? []
      : loop.bodies.flatMap((body) =>
          pathsOf(body)
            .filter(({ name }) => name === loop.variable)
            .map(({ fields, start }) => ({ id, fields, start })),
        );
  return [...own, ...childrenOf(syntax).flatMap((child) => hostReads(child))];
}

/** The step whose hosts a list is made of. */
function ownerOf(list: Syntax): string | null {
  const loop = asComprehension(list);
  if (loop !== null) return list.kind === 'call' && list.name === 'filter' ? ownerOf(loop.list) : null;
  const [path] = pathsOf(list);
  if (list.kind !== 'select' || path?.name !== 'steps') return null;
  const [id, field, ...others] = path.fields;
  return id !== undefined && field === 'hosts' && others.length === 0 ? id : null;
}
