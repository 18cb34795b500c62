import { useState } from 'react';

/** A key that names what a form is about to do: sent twice, it is done once. A new one after it was done. */
export function useOnceKey(): readonly [string, () => void] {
  const [key, setKey] = useState(randomKey);
  return [key, () => setKey(randomKey())];
}

/** `crypto.randomUUID` is there on https and localhost only. */
function randomKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
