import { z } from 'zod';

import { Duration, Id, Time, Value } from '../fields/schema';

/**
 * A typed question to whoever starts the runbook. `required` is true unless a `default` is given.
 * Secrets have no default: a value in a document is no secret.
 */
const described = {
  title: z.string().exactOptional(),
  description: z.string().exactOptional(),
  required: z.boolean().exactOptional(),
};

export const StringInput = z.strictObject({
  type: z.literal('string'),
  ...described,
  default: z.string().exactOptional(),
  pattern: z.string().exactOptional(),
  minLength: z.int().min(0).exactOptional(),
  maxLength: z.int().min(0).exactOptional(),
  enum: z.array(z.string()).min(1).exactOptional(),
});
export interface StringInput extends z.infer<typeof StringInput> {}

export const IntegerInput = z.strictObject({
  type: z.literal('integer'),
  ...described,
  default: z.int().exactOptional(),
  minimum: z.int().exactOptional(),
  maximum: z.int().exactOptional(),
  enum: z.array(z.int()).min(1).exactOptional(),
});
export interface IntegerInput extends z.infer<typeof IntegerInput> {}

export const NumberInput = z.strictObject({
  type: z.literal('number'),
  ...described,
  default: z.number().exactOptional(),
  minimum: z.number().exactOptional(),
  maximum: z.number().exactOptional(),
  enum: z.array(z.number()).min(1).exactOptional(),
});
export interface NumberInput extends z.infer<typeof NumberInput> {}

export const BooleanInput = z.strictObject({
  type: z.literal('boolean'),
  ...described,
  default: z.boolean().exactOptional(),
});
export interface BooleanInput extends z.infer<typeof BooleanInput> {}

export interface InputSchema extends z.ZodType<Input> {}

export const ArrayInput = z.strictObject({
  type: z.literal('array'),
  ...described,
  default: z.array(Value).exactOptional(),
  get items(): z.ZodExactOptional<InputSchema> {
    return Input.exactOptional();
  },
  minItems: z.int().min(0).exactOptional(),
  maxItems: z.int().min(0).exactOptional(),
  uniqueItems: z.boolean().exactOptional(),
});
export interface ArrayInput extends z.infer<typeof ArrayInput> {}

export const ObjectInput = z.strictObject({
  type: z.literal('object'),
  ...described,
  default: z.record(z.string(), Value).exactOptional(),
  get properties(): z.ZodExactOptional<z.ZodRecord<z.ZodString, InputSchema>> {
    return z.record(z.string(), Input).exactOptional();
  },
  additionalProperties: z.boolean().exactOptional(),
});
export interface ObjectInput extends z.infer<typeof ObjectInput> {}

export const DatetimeInput = z.strictObject({
  type: z.literal('datetime'),
  ...described,
  default: Time.exactOptional(),
  minimum: Time.exactOptional(),
  maximum: Time.exactOptional(),
});
export interface DatetimeInput extends z.infer<typeof DatetimeInput> {}

export const DurationInput = z.strictObject({
  type: z.literal('duration'),
  ...described,
  default: Duration.exactOptional(),
  minimum: Duration.exactOptional(),
  maximum: Duration.exactOptional(),
});
export interface DurationInput extends z.infer<typeof DurationInput> {}

/** A host of the inventory, by name. */
export const HostInput = z.strictObject({
  type: z.literal('host'),
  ...described,
  default: z.string().exactOptional(),
});
export interface HostInput extends z.infer<typeof HostInput> {}

/** A reference (`vault:ops/api#token`), never a value. */
export const SecretInput = z.strictObject({ type: z.literal('secret'), ...described });
export interface SecretInput extends z.infer<typeof SecretInput> {}

export type Input =
  | StringInput
  | IntegerInput
  | NumberInput
  | BooleanInput
  | ArrayInput
  | ObjectInput
  | DatetimeInput
  | DurationInput
  | HostInput
  | SecretInput;
export const Input = z.discriminatedUnion('type', [
  StringInput,
  IntegerInput,
  NumberInput,
  BooleanInput,
  ArrayInput,
  ObjectInput,
  DatetimeInput,
  DurationInput,
  HostInput,
  SecretInput,
]);

export const Inputs = z.record(Id, Input);
export type Inputs = z.infer<typeof Inputs>;

/** The typed form of an output; a bare value is the short one. */
export const TypedOutput = z.strictObject({
  type: z.enum(['string', 'integer', 'number', 'boolean', 'array', 'object', 'datetime', 'duration']),
  title: z.string().exactOptional(),
  description: z.string().exactOptional(),
  value: Value,
});
export type TypedOutput = z.infer<typeof TypedOutput>;

export const Output = z.union([TypedOutput, z.string(), z.number(), z.boolean(), z.null(), z.array(Value)]);
export type Output = z.infer<typeof Output>;
