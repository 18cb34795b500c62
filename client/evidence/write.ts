import { createHash } from 'node:crypto';

import { genesisHash } from '../../platform/store/chain';
import { toJson } from '../../platform/store/json';
import { signText } from '../../platform/store/signing-key';
import type { SigningKey } from '../../platform/store/signing-key';
import { canonicalJson } from '../../workflows/domain/canonical-json';
import { signedOf } from './format';
import type { EvidenceHeader, EvidencePart, TrailerPart } from './format';

/** A file of evidence as it is written, line by line; of what was written only the digest is kept. */
export class EvidenceWriter {
  readonly #hash = createHash('sha256');
  #lines = 0;
  #count = 0;
  #head = genesisHash;

  constructor(
    private readonly header: EvidenceHeader,
    private readonly key: SigningKey,
  ) {}

  line(part: EvidencePart): string {
    const text = lineOf(part);
    this.#hash.update(text, 'utf8');
    this.#lines += 1;
    if (part.part === 'entry') {
      this.#count += 1;
      this.#head = part.hash;
    }
    return text;
  }

  /** The last line: it seals all before it. */
  trailer(): string {
    const { header, key } = this;
    const digest = this.#hash.digest('hex');
    const sealed = { lines: this.#lines, digest, count: this.#count, head: this.#head };
    const signature = signText(canonicalJson(signedOf(header, sealed)), key);
    return lineOf({ part: 'trailer', ...sealed, publicKey: key.publicKey, signature });
  }
}

function lineOf(part: EvidencePart | TrailerPart): string {
  return `${canonicalJson(toJson(part))}\n`;
}
