import { compareVersions } from '../../../platform/store/version-order';

const ascending = [
  '0.9.9',
  '1.0.0-2',
  '1.0.0-alpha',
  '1.0.0-alpha.1',
  '1.0.0-alpha.beta',
  '1.0.0-rc.2',
  '1.0.0-rc.10',
  '1.0.0',
  '1.0.1',
  '1.2.0',
  '1.10.0',
  '2.0.0',
  '10.0.0',
];

describe('compareVersions()', () => {
  test('orders by precedence of semantic versions, whatever the order they come in', () => {
    expect(ascending.toReversed().toSorted(compareVersions)).toEqual(ascending);
  });

  test('takes no notice of build metadata', () => {
    expect(compareVersions('1.0.0+build.1', '1.0.0+build.2')).toBe(0);
  });
});
