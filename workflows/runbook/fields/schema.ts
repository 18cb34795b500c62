import { z } from 'zod';

import type { Json } from '../../domain/json';

/** What a text must look like, in the words that a problem uses after "accepted". */
export const accepted = {
  expression: 'a whole expression: ${{ … }} and nothing around it',
  literalOrExpression: 'a plain text, or a whole expression: ${{ … }} and nothing around it',
  id: 'a letter a–z, then letters and digits (drainHost, not drain-host)',
  name: 'a–z, 0–9 and "-", with an optional folder: pgbackrest/restore',
  reference: 'a name, with a folder and a version if needed: backup/restore@1',
  version: 'a version such as 1.0.0',
  duration: 'a duration such as PT10M, or the short form 10m, 24h, 30s',
  due: 'a duration such as PT24H or 24h, or calendar days such as P1D',
  time: 'a time with its zone such as 2026-11-21T09:00:00Z',
  percent: 'a whole percentage such as 25%',
  variable: 'the name of an environment variable: letters, digits and "_"',
  principal: 'user/<name> or team/<name>',
  team: 'team/<name>',
  umask: 'an octal mask such as 022',
  operation: 'the full name of an operation such as http.request',
  header: 'the name of an HTTP header',
  hostName: 'a host name without white space',
  item: 'a kind and a name such as service/shop',
  runsOn: 'group/<name> or host/<name>',
  groupName: 'a name without white space and "/"',
  event: 'a letter, then letters, digits, ".", "_" and "-"',
} as const;

const wholeExpression = /^\s*\$\{\{[\s\S]*\}\}\s*$/;
const literalOrWhole = /^(?:\s*\$\{\{[\s\S]*\}\}\s*|(?:(?!\$\{\{)[\s\S])+)$/;

/** A value on its own: any YAML that is also JSON. Its texts may hold expressions. */
export const Value: z.ZodType<Json> = z.lazy(() => z.json());
export type Value = Json;

/** Text that may hold `${{ … }}` parts. */
export const Text = z.string();
export type Text = z.infer<typeof Text>;

/** `${{ … }}` as the whole value; its type is kept. */
export const Expression = z.string().regex(wholeExpression, accepted.expression);
export type Expression = z.infer<typeof Expression>;

/** A plain text or a whole expression, never a mixture. */
export const Single = z.string().min(1).regex(literalOrWhole, accepted.literalOrExpression);
export type Single = z.infer<typeof Single>;

export const Id = z.string().regex(/^[a-z][A-Za-z0-9]*$/, accepted.id);
export type Id = z.infer<typeof Id>;

/** Name of an event that is sent to a run: no name of expressions, so it may hold a hyphen. */
export const EventName = z.string().regex(/^[A-Za-z][\w.-]{0,127}$/, accepted.event);
export type EventName = z.infer<typeof EventName>;

const namePart = '[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?';

/** Name of a definition: `nginx-rolling-upgrade`, `pgbackrest/restore`. */
export const Name = z.string().regex(new RegExp(`^${namePart}(?:/${namePart}){0,3}$`), accepted.name);
export type Name = z.infer<typeof Name>;

/** `folder/name@2`: the newest 2.x; `name@1.4.2`: exactly that one. */
export const Reference = z
  .string()
  .regex(new RegExp(`^${namePart}(?:/${namePart}){0,3}(?:@\\d{1,9}(?:\\.\\d{1,9}){0,2})?$`), accepted.reference);
export type Reference = z.infer<typeof Reference>;

export const Version = z
  .string()
  .regex(/^\d{1,9}\.\d{1,9}\.\d{1,9}(?:-[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?(?:\+[0-9A-Za-z.-]+)?$/, accepted.version);
export type Version = z.infer<typeof Version>;

const durationForm = String.raw`PT(?=\d)(?:\d{1,9}H)?(?:\d{1,9}M)?(?:\d{1,9}(?:\.\d{1,3})?S)?|\d{1,9}(?:ms|s|m|h)`;
const expressionForm = String.raw`\s*\$\{\{[\s\S]*\}\}\s*`;

/** Physical time: `PT10M`, `10m`, or an expression that gives one. */
export const Duration = z.string().regex(new RegExp(`^(?:${durationForm}|${expressionForm})$`), accepted.duration);
export type Duration = z.infer<typeof Duration>;

/** As `Duration`, and calendar days (`P1D`), which are resolved in a zone. */
export const Due = z.string().regex(new RegExp(`^(?:${durationForm}|P\\d{1,6}[DW]|${expressionForm})$`), accepted.due);
export type Due = z.infer<typeof Due>;

export const timePattern = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d)$/;

/** A moment with its zone. */
export const Time = z.string().regex(timePattern, accepted.time);
export type Time = z.infer<typeof Time>;

/** A whole number, or an expression that gives one. */
export const Count = z.union([z.int().min(0), Expression]);
export type Count = z.infer<typeof Count>;

export const Percent = z.string().regex(/^(?:100|\d{1,2})%$/, accepted.percent);
export type Percent = z.infer<typeof Percent>;

export const CountOrPercent = z.union([z.int().min(0), Percent, Expression]);
export type CountOrPercent = z.infer<typeof CountOrPercent>;

/** Values of environment variables: texts with expressions or secrets. */
export const Env = z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, accepted.variable), Text);
export type Env = z.infer<typeof Env>;

export const Principal = z.string().regex(/^(?:user|team)\/[A-Za-z0-9][A-Za-z0-9._@+-]*$/, accepted.principal);
export type Principal = z.infer<typeof Principal>;

export const TeamName = z.string().regex(/^team\/[A-Za-z0-9][A-Za-z0-9._@+-]*$/, accepted.team);
export type TeamName = z.infer<typeof TeamName>;

/** One host, a list of hosts, or hosts chosen while the run goes on among those that the plan names. */
export const Targets = z.union([
  Single,
  z.array(Single).min(1),
  z.strictObject({ from: z.union([Single, z.array(Single).min(1)]), only: Expression }),
]);
export type Targets = z.infer<typeof Targets>;

export const Delegate = z.union([Single, z.array(Single).min(1)]);
export type Delegate = z.infer<typeof Delegate>;

/** `sh`, `bash`, `python3`, or the argument list of an interpreter that reads the script's path as its last argument. */
export const Shell = z.union([z.enum(['sh', 'bash', 'python3']), z.array(z.string()).min(1)]);
export type Shell = z.infer<typeof Shell>;

export const FanOut = z.strictObject({
  parallel: Count.exactOptional(),
  maxFailures: Count.exactOptional(),
  allowEmpty: z.boolean().exactOptional(),
});
export type FanOut = z.infer<typeof FanOut>;

/** What steps below it take when they say nothing themselves; it applies only to verbs that accept the field. */
export const Defaults = z.strictObject({
  targets: Targets.exactOptional(),
  as: Single.exactOptional(),
  timeout: Duration.exactOptional(),
  env: Env.exactOptional(),
  cwd: Text.exactOptional(),
  shell: Shell.exactOptional(),
  connection: Single.exactOptional(),
});
export type Defaults = z.infer<typeof Defaults>;
