import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

import { z } from 'zod';

import { parsePayloadKeys } from './payload-keys';
import type { PayloadKey } from './payload-keys';

/** What leaves the house as evidence, and what is hidden from whoever keeps Temporal's histories. */
export interface EvidenceSettings {
  /** To which every checkpoint is added as a line; null: none. */
  readonly checkpointFile: string | null;
  /** Of an authority that stamps checkpoints (RFC 3161); null: none. */
  readonly timestampUrl: string | null;
}

export interface PayloadSettings {
  /** `unset`: as it is usual, which is on wherever a server or a database of one's own is used. */
  readonly encryption: 'on' | 'off' | 'unset';
  /** The first one encrypts; all decrypt. */
  readonly keys: readonly PayloadKey[];
}

const Keys = z.string().transform(keysOrReport);
const KeysFile = z.string().transform((path, context) => keysOrReport(readOrReport(path, context), context));

export const evidenceVariables = {
  MAINSTAY_CHECKPOINT_FILE: z
    .string()
    .transform((path) => resolve(path))
    .optional(),
  MAINSTAY_TIMESTAMP_URL: z.url({ protocol: /^https?$/, error: 'Expected an http or https address' }).optional(),
  MAINSTAY_PAYLOAD_KEYS: Keys.optional(),
  MAINSTAY_PAYLOAD_KEYS_FILE: KeysFile.optional(),
  MAINSTAY_PAYLOAD_ENCRYPTION: z.enum(['on', 'off']).optional(),
} as const;

const EvidenceVariables = z.object(evidenceVariables);
type EvidenceVariables = z.infer<typeof EvidenceVariables>;

export function evidenceSettings(variables: EvidenceVariables): EvidenceSettings {
  return {
    checkpointFile: variables.MAINSTAY_CHECKPOINT_FILE ?? null,
    timestampUrl: variables.MAINSTAY_TIMESTAMP_URL ?? null,
  };
}

export function payloadSettings(variables: EvidenceVariables): PayloadSettings {
  return {
    encryption: variables.MAINSTAY_PAYLOAD_ENCRYPTION ?? 'unset',
    keys: variables.MAINSTAY_PAYLOAD_KEYS ?? variables.MAINSTAY_PAYLOAD_KEYS_FILE ?? [],
  };
}

export function evidenceContradictions(variables: EvidenceVariables): readonly string[] {
  const {
    MAINSTAY_PAYLOAD_KEYS: given,
    MAINSTAY_PAYLOAD_KEYS_FILE: file,
    MAINSTAY_PAYLOAD_ENCRYPTION: wanted,
  } = variables;
  if (given !== undefined && file !== undefined)
    return ['MAINSTAY_PAYLOAD_KEYS: Expected without MAINSTAY_PAYLOAD_KEYS_FILE'];
  if (wanted === 'on' && given === undefined && file === undefined)
    return ['MAINSTAY_PAYLOAD_KEYS: Expected with MAINSTAY_PAYLOAD_ENCRYPTION=on'];
  return [];
}

function keysOrReport(text: string, context: z.core.$RefinementCtx): readonly PayloadKey[] {
  const keys = parsePayloadKeys(text);
  if (keys !== null) return keys;
  const message = 'Expected id:key with commas or lines between, each key 32 bytes in base64, each id once';
  // Not the input: it is the keys.
  context.addIssue({ code: 'custom', message, input: '' });
  return z.NEVER;
}

function readOrReport(path: string, context: z.core.$RefinementCtx): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    context.addIssue({ code: 'custom', message: `Cannot read file "${path}"`, input: path });
    return '';
  }
}
