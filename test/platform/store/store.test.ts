import { accessSuite } from './access.suite';
import { auditSuite } from './audit.suite';
import { backupsSuite } from './backups.suite';
import { changesSuite } from './changes.suite';
import { blobsSuite, outputsSuite } from './content.suite';
import { checkpointsSuite } from './checkpoints.suite';
import { deliveriesSuite } from './deliveries.suite';
import { describeOnEachDialect } from './dialects';
import { feedSuite } from './feed.suite';
import { foldsSuite } from './folds.suite';
import { journalSuite } from './journal.suite';
import { locksSuite } from './locks.suite';
import { loginsSuite } from './logins.suite';
import { migrationsSuite } from './migrations.suite';
import { noticeReasonsSuite } from './notice-reasons.suite';
import { noticesSuite } from './notices.suite';
import { openRunsSuite } from './open-runs.suite';
import { plansSuite } from './plans.suite';
import { preferencesSuite } from './preferences.suite';
import { publishingSuite } from './publishing.suite';
import { retentionSuite } from './retention.suite';
import { runListSuite } from './run-list.suite';
import { scopesSuite } from './scopes.suite';
import { taskListSuite } from './task-list.suite';
import { viewsSuite } from './views.suite';

const suites = {
  migrations: migrationsSuite,
  journal: journalSuite,
  audit: auditSuite,
  feed: feedSuite,
  deliveries: deliveriesSuite,
  folds: foldsSuite,
  views: viewsSuite,
  'open runs': openRunsSuite,
  blobs: blobsSuite,
  outputs: outputsSuite,
  definitions: publishingSuite,
  locks: locksSuite,
  retention: retentionSuite,
  notices: noticesSuite,
  'reasons to tell': noticeReasonsSuite,
  preferences: preferencesSuite,
  changes: changesSuite,
  backups: backupsSuite,
  access: accessSuite,
  logins: loginsSuite,
  scopes: scopesSuite,
  'lists of runs': runListSuite,
  'lists of tasks': taskListSuite,
  plans: plansSuite,
  checkpoints: checkpointsSuite,
};

describeOnEachDialect('the store', (bed) => {
  for (const [name, suite] of Object.entries(suites)) {
    describe(name, () => {
      suite(bed);
    });
  }
});
