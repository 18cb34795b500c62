import { z } from 'zod';

import { parseDuration } from '../../workflows/domain/duration';

/** How hosts are reached: the `Connection` of `type: ssh`. */
export const SshConnection = z.strictObject({
  type: z.literal('ssh'),
  user: z.string().optional(),
  port: z.int().min(1).max(65_535).optional(),
  /** A path on the worker (`~/.ssh/id_ed25519`), or the key itself by a secret. */
  key: z.string().optional(),
  passphrase: z.string().optional(),
  password: z.string().optional(),
  /** True: the agent of the worker's environment; a text: the path of its socket. */
  agent: z.union([z.boolean(), z.string()]).optional(),
  /** `user@address:port`, one or more in order. */
  jump: z.union([z.string(), z.array(z.string()).max(4)]).optional(),
  hostKeys: z.enum(['strict', 'accept-new']).default('strict'),
  /** Path on the worker; absent: `~/.ssh/known_hosts`. */
  knownHosts: z.string().optional(),
});
export type SshConnection = z.infer<typeof SshConnection>;

const noNul = /^[^\0]*$/;
const Text = z.string().regex(noNul, 'Expected text without NUL');
const Environment = z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'Expected a variable name'), Text);
const Umask = z.string().regex(/^[0-7]{3,4}$/, 'Expected an octal number like 022');
const Mode = z.string().regex(/^[0-7]{3,4}$/, 'Expected an octal number like 0644');
const Account = z.string().regex(/^[A-Za-z0-9_][A-Za-z0-9_.@$-]*$/, 'Expected a user or group name or number');
/** A file of the plan, by digest. */
const Blob = z.strictObject({ blob: z.string().regex(/^[0-9a-f]{64}$/), name: z.string() });

const process = {
  env: Environment.default({}),
  cwd: Text.optional(),
  umask: Umask.default('022'),
  stdin: z.union([Text, Blob]).optional(),
};

export const ExecInput = z.strictObject({ command: z.array(Text).min(1), ...process });
export type ExecInput = z.infer<typeof ExecInput>;

export const RunInput = z.strictObject({
  script: Text,
  /** An interpreter, or its argument list; the script's path is appended. */
  shell: z.union([z.enum(['sh', 'bash', 'python3']), z.array(Text).min(1)]).default('sh'),
  ...process,
});
export type RunInput = z.infer<typeof RunInput>;

export const CommandOutput = z.strictObject({
  /** Null: the command was never seen to end. */
  exitCode: z.int().nullable(),
  /** UTF-8, without trailing newlines, at most 256 KiB; the whole is in the output store. */
  stdout: z.string(),
  stderr: z.string(),
  stdoutTruncated: z.boolean(),
  stderrTruncated: z.boolean(),
  /** What the command wrote to `$MAINSTAY_OUTPUT`, up to 1 MiB. */
  file: z.string(),
  signal: z.enum(['SIGTERM', 'SIGKILL']).nullable(),
});
export type CommandOutput = z.infer<typeof CommandOutput>;

export const PutInput = z
  .strictObject({
    file: Blob.optional(),
    content: z.string().optional(),
    dest: Text.regex(/^\//, 'Expected an absolute path'),
    mode: Mode.default('0644'),
    owner: Account.optional(),
    group: Account.optional(),
    /** A check of the new file before it takes its place; `%s` stands for its path. */
    validate: z.array(Text).min(1).optional(),
  })
  .refine((input) => (input.file === undefined) !== (input.content === undefined), 'Expected one of file and content');
export type PutInput = z.infer<typeof PutInput>;

export const PutOutput = z.strictObject({ changed: z.boolean(), sha256: z.string(), sizeBytes: z.int() });

export const RestoreOutput = z.strictObject({
  changed: z.boolean(),
  restored: z.enum(['content', 'absence', 'nothing']),
});

export const GetInput = z.strictObject({
  path: Text.regex(/^\//, 'Expected an absolute path'),
  maxBytes: z
    .int()
    .min(1)
    .max(1024 * 1024)
    .default(256 * 1024),
});
export type GetInput = z.infer<typeof GetInput>;

/** `content` is null where the bytes are not UTF-8; `base64` is always there. */
export const GetOutput = z.strictObject({
  content: z.string().nullable(),
  base64: z.string(),
  sha256: z.string(),
  sizeBytes: z.int(),
});

/** `PT10M` or `10m`, as everywhere in the language; a number is milliseconds. */
const Within = z.union([
  z.int().min(1),
  z.string().transform((text, context): number => {
    const duration = parseDuration(text);
    if (duration.kind === 'ms' && duration.ms > 0) return duration.ms;
    context.addIssue({ code: 'custom', message: 'Expected a duration like PT10M or 10m' });
    return z.NEVER;
  }),
]);

export const RebootInput = z.strictObject({
  within: Within.default(600_000),
  command: z.array(Text).min(1).default(['shutdown', '-r', 'now']),
});
export type RebootInput = z.infer<typeof RebootInput>;
export const RebootOutput = z.strictObject({ bootId: z.string(), waitedMs: z.int() });

export const WaitInput = z.strictObject({ within: Within.default(300_000) });
export type WaitInput = z.infer<typeof WaitInput>;
export const WaitOutput = z.strictObject({ bootId: z.string(), waitedMs: z.int() });
