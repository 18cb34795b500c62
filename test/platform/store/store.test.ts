import { backupsSuite } from './backups.suite';
import { changesSuite } from './changes.suite';
import { blobsSuite, outputsSuite } from './content.suite';
import { describeOnEachDialect } from './dialects';
import { foldsSuite } from './folds.suite';
import { journalSuite } from './journal.suite';
import { locksSuite } from './locks.suite';
import { migrationsSuite } from './migrations.suite';
import { noticesSuite } from './notices.suite';
import { openRunsSuite } from './open-runs.suite';
import { publishingSuite } from './publishing.suite';
import { retentionSuite } from './retention.suite';
import { viewsSuite } from './views.suite';

const suites = {
  migrations: migrationsSuite,
  journal: journalSuite,
  folds: foldsSuite,
  views: viewsSuite,
  'open runs': openRunsSuite,
  blobs: blobsSuite,
  outputs: outputsSuite,
  definitions: publishingSuite,
  locks: locksSuite,
  retention: retentionSuite,
  notices: noticesSuite,
  changes: changesSuite,
  backups: backupsSuite,
};

describeOnEachDialect('the store', (bed) => {
  for (const [name, suite] of Object.entries(suites)) {
    describe(name, () => {
      suite(bed);
    });
  }
});
