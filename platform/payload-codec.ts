import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

import type { Payload, PayloadCodec } from '@temporalio/common';

import type { PayloadKey } from './payload-keys';
import { OperatorError } from './system-error';

export interface PayloadCodecOptions {
  /** The first one encrypts; all decrypt. */
  readonly keys: readonly PayloadKey[];
  /** False: what is new is left readable; what was encrypted can still be read. */
  readonly encrypts: boolean;
}

/** As the metadata of an encrypted payload say, for whoever looks at a history. */
const encoding = Buffer.from('binary/encrypted');
const cipher = 'aes-256-gcm';
const nonceBytes = 12;
const tagBytes = 16;

/**
 * Encrypts payloads on their way to Temporal, and decrypts them on their way back (AES-256-GCM).
 *
 * - P1 What is encrypted is the whole payload, with its metadata: a reader of the history learns its length and the key's id.
 * - P2 Each has a nonce of its own, random; and is bound to the id of its key.
 * - P3 What is not encrypted passes as it is: histories from before, and those of an installation without keys, stay readable.
 */
export function createPayloadCodec({ keys, encrypts }: PayloadCodecOptions): PayloadCodec {
  const known = new Map(keys.map(({ id, value }) => [id, Buffer.from(value.reveal(), 'base64')]));
  const [newest] = encrypts ? keys : [];
  const newestKey = newest === undefined ? undefined : known.get(newest.id);
  return {
    async encode(payloads) {
      if (newest === undefined || newestKey === undefined) return payloads;
      return payloads.map((payload) => encrypt(payload, { id: newest.id, key: newestKey }));
    },
    decode: async (payloads) => payloads.map((payload) => (isEncrypted(payload) ? decrypt(payload, known) : payload)),
  };
}

function encrypt(payload: Payload, { id, key }: { readonly id: string; readonly key: Buffer }): Payload {
  const nonce = randomBytes(nonceBytes);
  const sealing = createCipheriv(cipher, key, nonce).setAAD(boundTo(id));
  const sealed = Buffer.concat([sealing.update(plainOf(payload)), sealing.final()]);
  const data = Buffer.concat([nonce, sealed, sealing.getAuthTag()]);
  return { metadata: { encoding, 'encryption-key-id': Buffer.from(id) }, data };
}

function isEncrypted({ metadata }: Payload): boolean {
  const found = metadata?.['encoding'];
  return found !== undefined && found !== null && encoding.equals(found);
}

function decrypt({ metadata, data }: Payload, keys: ReadonlyMap<string, Buffer>): Payload {
  const id = Buffer.from(metadata?.['encryption-key-id'] ?? []).toString('utf8');
  const key = keys.get(id);
  if (key === undefined) {
    const message = `Cannot read a payload of Temporal: it is encrypted with the key "${id}", which is not among those given`;
    throw new OperatorError({ code: 'PAYLOAD_KEY_UNKNOWN', message });
  }
  const bytes = Buffer.from(data ?? []);
  const opening = createDecipheriv(cipher, key, bytes.subarray(0, nonceBytes)).setAAD(boundTo(id));
  opening.setAuthTag(bytes.subarray(bytes.length - tagBytes));
  const sealed = bytes.subarray(nonceBytes, bytes.length - tagBytes);
  return payloadIn(Buffer.concat([opening.update(sealed), opening.final()]), id);
}

/** Length of the metadata, the metadata as JSON of base64, the data. */
function plainOf({ metadata, data }: Payload): Buffer {
  const members = Object.entries(metadata ?? {}).map(([name, value]) => [name, Buffer.from(value).toString('base64')]);
  const head = Buffer.from(JSON.stringify(Object.fromEntries(members)));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(head.length);
  return Buffer.concat([length, head, data ?? new Uint8Array()]);
}

function payloadIn(plain: Buffer, id: string): Payload {
  const length = plain.readUInt32BE(0);
  const head: unknown = JSON.parse(plain.subarray(4, 4 + length).toString('utf8'));
  if (typeof head !== 'object' || head === null)
    throw new Error(`Cannot read a payload of Temporal: what the key "${id}" has encrypted is no payload`);
  const metadata = Object.fromEntries(
    Object.entries(head).map(([name, value]) => [name, Buffer.from(String(value), 'base64')]),
  );
  return { metadata, data: plain.subarray(4 + length) };
}

function boundTo(id: string): Buffer {
  return Buffer.from(`mainstay/payload/1\n${id}`);
}
