import type { InputRule } from '../../../workflows/domain/input-rule';
import { acceptValue } from '../../../workflows/domain/inputs';
import type { Json, JsonObject } from '../../../workflows/domain/json';
import { capitalised } from '../wording';

/**
 * A form over declared inputs. What people type stays text until it is read, and it is read by the very rules that the
 * engine reads it with.
 */

export type DeclaredInput = InputRule & { readonly title?: string; readonly description?: string };

export interface Declared {
  readonly [name: string]: DeclaredInput;
}

export interface Texts {
  readonly [name: string]: string;
}

export interface ReadForm {
  /** As they are sent: absent where nothing was typed and nothing is needed. */
  readonly values: JsonObject;
  readonly problems: { readonly [name: string]: string };
}

/** How a field is shown. */
export type Control =
  | { readonly kind: 'choice'; readonly options: readonly string[] }
  | { readonly kind: 'toggle' | 'number' | 'line' | 'lines' | 'json' | 'time' | 'secret' };

export function controlOf(input: DeclaredInput): Control {
  switch (input.type) {
    case 'string':
      return input.enum === undefined ? { kind: 'line' } : { kind: 'choice', options: input.enum };
    case 'integer':
    case 'number':
      return input.enum === undefined ? { kind: 'number' } : { kind: 'choice', options: input.enum.map(String) };
    case 'boolean':
      return { kind: 'toggle' };
    case 'array':
      return isListOfWords(input) ? { kind: 'lines' } : { kind: 'json' };
    case 'object':
      return { kind: 'json' };
    case 'datetime':
      return { kind: 'time' };
    case 'duration':
    case 'host':
      return { kind: 'line' };
    case 'secret':
      return { kind: 'secret' };
  }
}

/** Without a default and not said to be optional. A switch is off until it is on. */
export function isRequired(input: DeclaredInput): boolean {
  return input.required !== false && defaultOf(input) === undefined && input.type !== 'boolean';
}

export function initialTexts(declared: Declared, given: Texts = {}): Texts {
  return Object.fromEntries(
    Object.entries(declared).map(([name, input]) => [name, given[name] ?? textOf(input, defaultOf(input))]),
  );
}

export function readForm(declared: Declared, texts: Texts): ReadForm {
  const values: { [name: string]: Json } = {};
  const problems: { [name: string]: string } = {};
  for (const [name, input] of Object.entries(declared)) {
    const text = texts[name] ?? '';
    if (text.trim() === '') {
      if (isRequired(input)) problems[name] = 'It is required';
      if (input.type === 'boolean') values[name] = false;
      continue;
    }
    const raw = rawOf(input, text);
    const accepted = acceptValue(raw, input);
    if (accepted.ok) values[name] = raw;
    else problems[name] = capitalised(accepted.reason);
  }
  return { values, problems };
}

/** What may be typed, in a few words. */
export function hintOf(input: DeclaredInput): string | undefined {
  const parts = [input.description, formOf(input)].filter((part) => part !== undefined && part !== '');
  return parts.length === 0 ? undefined : parts.join(' · ');
}

function formOf(input: DeclaredInput): string | undefined {
  switch (input.type) {
    case 'string':
      return input.pattern === undefined ? undefined : `like ${input.pattern}`;
    case 'integer':
    case 'number':
      return rangeText(input.minimum, input.maximum);
    case 'array':
      return isListOfWords(input) ? 'one on each line' : 'a list as JSON';
    case 'object':
      return 'an object as JSON';
    case 'datetime':
      return 'with its zone, such as 2026-11-21T09:00:00Z';
    case 'duration':
      return 'such as PT10M or 10m';
    case 'host':
      return 'a host of the inventory, by name';
    case 'secret':
      return 'a reference such as vault:ops/api#token, never the value';
    case 'boolean':
      return undefined;
  }
}

function rangeText(minimum: number | undefined, maximum: number | undefined): string | undefined {
  if (minimum === undefined) return maximum === undefined ? undefined : `at most ${maximum}`;
  return maximum === undefined ? `at least ${minimum}` : `${minimum} to ${maximum}`;
}

function defaultOf(input: DeclaredInput): Json | undefined {
  return 'default' in input ? input.default : undefined;
}

function textOf(input: DeclaredInput, value: Json | undefined): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'string') return value;
  if (Array.isArray(value) && isListOfWords(input)) return value.map(String).join('\n');
  return JSON.stringify(value);
}

function rawOf(input: DeclaredInput, text: string): Json {
  if (input.type !== 'array' || !isListOfWords(input)) return text.trim();
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

function isListOfWords(input: DeclaredInput): boolean {
  if (input.type !== 'array') return false;
  return input.items === undefined || !['array', 'object'].includes(input.items.type);
}
