import type { Json } from './json';

/** What a value for an input must be. Declarations of authors have these fields, and titles besides. */
export type InputRule =
  | (Rule<'string', string> & {
      readonly pattern?: string;
      readonly minLength?: number;
      readonly maxLength?: number;
      readonly enum?: readonly string[];
    })
  | (Rule<'integer' | 'number', number> & Range<number> & { readonly enum?: readonly number[] })
  | Rule<'boolean', boolean>
  | (Rule<'array', readonly Json[]> & {
      readonly items?: InputRule;
      readonly minItems?: number;
      readonly maxItems?: number;
      readonly uniqueItems?: boolean;
    })
  | (Rule<'object', { readonly [name: string]: Json }> & {
      readonly properties?: { readonly [name: string]: InputRule };
      readonly additionalProperties?: boolean;
    })
  | (Rule<'datetime', string> & Range<string>)
  | (Rule<'duration', string> & Range<string>)
  | Rule<'host', string>
  | Rule<'secret', never>;

interface Rule<T extends string, V> {
  readonly type: T;
  readonly required?: boolean;
  readonly default?: V;
}

interface Range<V> {
  readonly minimum?: V;
  readonly maximum?: V;
}
