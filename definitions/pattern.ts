import { runInNewContext } from 'node:vm';

const patienceMs = 250;
const patientAttempts = 8;

/** Whether a text matches; null: nobody waits for that. A pattern that is none accepts nothing: it was told when the document was checked. */
export function matchesInTime(text: string, pattern: string): boolean | null {
  for (let attempt = 1; ; attempt++) {
    const before = process.cpuUsage();
    try {
      // The one way to interrupt a pattern: inside a script with a time limit.
      return (
        runInNewContext('new RegExp(pattern, "u").test(text)', { pattern, text }, { timeout: patienceMs }) === true
      );
    } catch (error) {
      if (!isTimeout(error)) return false;
      // The limit is a clock on the wall: on a busy machine it passes without anything having been tried.
      const triedMs = process.cpuUsage(before).user / 1000;
      if (triedMs > patienceMs / 2 || attempt === patientAttempts) return null;
    }
  }
}

const pumpLength = 64;
const usualCharacters = ['a', '0', 'A', ' ', '.', '-', '_', '/'];

/** Some text of a few characters makes it try more ways than there is time for: `^(a+)+$`. */
export function isExplosive(pattern: string): boolean {
  const own = pattern.replace(/[^A-Za-z0-9]/g, '').slice(0, 16);
  const characters = new Set([...usualCharacters, ...own.split('')]);
  return [...characters].some((character) => matchesInTime(`${character.repeat(pumpLength)}\u0001`, pattern) === null);
}

function isTimeout(error: unknown): boolean {
  return (
    typeof error === 'object' && error !== null && 'code' in error && error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT'
  );
}
