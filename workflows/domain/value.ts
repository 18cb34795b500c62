import type { Json } from './json';

/** CEL source text, without the `${{ }}` around it. */
export type Expression = string;

/**
 * A value as the plan carries it. What could be decided when the plan was made is a literal; the rest keeps the text of its
 * expression and is rendered by the worker. Every form is tagged, so that no author's text can be taken for an expression.
 */
export type Value =
  | { readonly literal: Json }
  | { readonly expression: Expression }
  | { readonly text: readonly TextPart[] }
  | { readonly list: readonly Value[] }
  | { readonly map: { readonly [key: string]: Value } }
  | { readonly secret: SecretReference };

export type TextPart = string | { readonly expression: Expression } | { readonly secret: SecretReference };

/** `vault:ops/api#token`, `env:NAME`, `file:/path`: resolved in the activity, at the last moment. */
export type SecretReference = string;

/**
 * The names an expression sees while a run goes on (`language.md` section 2), as plain JSON. `secrets` never appears here.
 * Only the names that the step's expressions read are filled in.
 */
export type Scope = { readonly [name: string]: Json };
