import { describeOnEachDialect } from './dialects';
import { journalSuite } from './journal.suite';

describeOnEachDialect('the store', (bed) => {
  describe('journal', () => {
    journalSuite(bed);
  });
});
