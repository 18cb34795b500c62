import type { Scalar } from 'yaml';

import type { Json } from '../../workflows/domain/json';
import { standsWhole } from '../expression-text';
import { shapeOf } from '../schema-shape';
import { holdsExpression, refusedCharacter } from '../yaml-text';
import { refuse } from './walk';
import type { Place, Walk } from './walk';

/** A plain scalar keeps its source text where a text is wanted: `0644` stays `0644`. */
export function convertScalar(walk: Walk, node: Scalar, place: Place): Json {
  const { value } = node;
  const path = place.path;
  if (typeof value === 'string') {
    if (refusedCharacter.test(value))
      return refuse(
        walk,
        { node, path },
        { code: 'CHARACTER_REFUSED', state: 'it holds NUL or half of a surrogate pair' },
      );
    if (node.type === 'PLAIN' && holdsExpression(value) && !standsWhole(value))
      return refuse(
        walk,
        { node, path },
        { code: 'EXPRESSION_NOT_QUOTED', state: 'the expression is not closed by }}' },
      );
    return value;
  }
  const shape = shapeOf(place.schema);
  const source = node.source ?? '';
  if (value === null || value === undefined) return shape.nothing || source === '' || !shape.text ? null : source;
  if (typeof value === 'boolean') return shape.boolean || !shape.text ? value : source;
  if (shape.text && !shape.number) return source;
  const safe =
    typeof value === 'number' && Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value));
  return safe
    ? value
    : refuse(walk, { node, path }, { code: 'NUMBER_REFUSED', state: `${source} is not exact as a number` });
}
