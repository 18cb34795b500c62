import fc from 'fast-check';

import { Rates } from '../../../client/api/rate';

const rate = { perSecond: 2, burst: 3 };

test('as many as the burst happen at once, and then as many a second as the rate says', () => {
  const rates = new Rates();

  const waits = [0, 0, 0, 0, 250, 500, 500].map((now) => rates.take('anna', rate, now));

  expect(waits).toEqual([0, 0, 0, 500, 250, 0, 500]);
});

test('keys do not take from each other', () => {
  const rates = new Rates();
  for (let count = 0; count < 4; count += 1) rates.take('anna', rate, 0);

  expect(rates.take('ben', rate, 0)).toBe(0);
});

test('a clock that goes back gives nothing, and takes nothing away', () => {
  const rates = new Rates();
  for (let count = 0; count < 3; count += 1) rates.take('anna', rate, 10_000);

  expect(rates.take('anna', rate, 0)).toBe(500);
  expect(rates.take('anna', rate, 10_500)).toBe(0);
});

test('over any time nobody gets more than the burst and what the time allows', () => {
  const steps = fc.array(fc.nat({ max: 2000 }), { maxLength: 200 });
  fc.assert(
    fc.property(steps, (pauses) => {
      const rates = new Rates();
      let now = 0;
      let taken = 0;
      for (const pause of pauses) {
        now += pause;
        if (rates.take('anna', rate, now) === 0) taken += 1;
      }
      return taken <= rate.burst + (now / 1000) * rate.perSecond + 1e-6;
    }),
  );
});

test('whoever waits as long as they were told gets what they asked for', () => {
  fc.assert(
    fc.property(fc.nat({ max: 20 }), fc.nat({ max: 5000 }), (count, now) => {
      const rates = new Rates();
      for (let index = 0; index < count; index += 1) rates.take('anna', rate, now);
      const wait = rates.take('anna', rate, now);
      return wait === 0 || rates.take('anna', rate, now + wait) === 0;
    }),
  );
});

test('a flood of made-up callers takes bounded memory, and forgets those that were not heard of for the longest', () => {
  const rates = new Rates();
  for (let count = 0; count < 4; count += 1) rates.take('anna', rate, 0);
  for (let index = 0; index < 30_000; index += 1) {
    rates.take(`made-up-${index}`, rate, 0);
    if (index % 1000 === 0) rates.take('anna', rate, 0);
  }

  expect(rates.size).toBe(20_000);
  expect(rates.take('anna', rate, 0)).toBeGreaterThan(0);
});
