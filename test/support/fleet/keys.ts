import { utils } from 'ssh2';

export interface KeyPair {
  /** OpenSSH format. */
  readonly private: string;
  /** `ssh-ed25519 AAAA…` */
  readonly public: string;
}

/** Made in this process: a hundred runs of ssh-keygen take longer than the hosts need to start. */
export function makeKey(): KeyPair {
  for (;;) {
    const pair = utils.generateKeyPairSync('ed25519');
    // Now and then the library writes a pair that it cannot read itself.
    if (!(utils.parseKey(pair.private) instanceof Error)) return { private: pair.private, public: pair.public.trim() };
  }
}
