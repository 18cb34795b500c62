import { compareText } from './text-order';

/** Order of semantic versions: a pre-release comes before its release, numbers compare as numbers. */
export function compareVersions(left: string, right: string): number {
  const [one, other] = [parse(left), parse(right)];
  const byRelease = comparePart(one.release, other.release);
  if (byRelease !== 0) return byRelease;
  if (one.preRelease === null || other.preRelease === null) {
    return Number(one.preRelease === null) - Number(other.preRelease === null);
  }
  return comparePart(one.preRelease, other.preRelease);
}

/** A total order: versions that differ in their build alone come in the order of their text. */
export function compareEachVersion(left: string, right: string): number {
  return compareVersions(left, right) || compareText(left, right);
}

interface Version {
  readonly release: readonly string[];
  readonly preRelease: readonly string[] | null;
}

function parse(version: string): Version {
  const [precedence = ''] = version.split('+');
  const dash = precedence.indexOf('-');
  if (dash < 0) return { release: precedence.split('.'), preRelease: null };
  return { release: precedence.slice(0, dash).split('.'), preRelease: precedence.slice(dash + 1).split('.') };
}

function comparePart(left: readonly string[], right: readonly string[]): number {
  for (let index = 0; index < Math.max(left.length, right.length); index += 1) {
    const [one, other] = [left[index], right[index]];
    if (one === undefined || other === undefined) return one === undefined ? -1 : 1;
    const difference = compareIdentifier(one, other);
    if (difference !== 0) return difference;
  }
  return 0;
}

function compareIdentifier(left: string, right: string): number {
  const isNumber = /^\d+$/;
  const [isLeftNumber, isRightNumber] = [isNumber.test(left), isNumber.test(right)];
  if (isLeftNumber && isRightNumber) return Number(left) - Number(right);
  if (isLeftNumber !== isRightNumber) return isLeftNumber ? -1 : 1;
  return compareText(left, right);
}
