import { defaultDrillAgeMs, drillAgeProblem } from '../../../workflows/domain/drill-age';
import { hourMs } from '../../../workflows/domain/duration';

const dayMs = 24 * hourMs;
const age = { service: 'shop', maxAgeMs: defaultDrillAgeMs };

test.each<[string, number | null, string | null]>([
  ['never', null, 'no restore drill of "shop" ever passed'],
  ['90 days ago', -90 * dayMs, null],
  ['longer ago', -90 * dayMs - 1, 'the newest passed restore drill of "shop" is 90 d old, 90 d are allowed'],
  ['120 days ago', -120 * dayMs, 'the newest passed restore drill of "shop" is 120 d old, 90 d are allowed'],
  ['now', 0, null],
])('R-DR-3: of a service whose drill passed %s it is said: %s', (_when, lastPassAtMs, problem) => {
  expect(drillAgeProblem({ ...age, lastPassAtMs }, 0)).toBe(problem);
});
