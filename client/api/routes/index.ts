import { auditRoutes } from './audit';
import { authoringRoutes } from './authoring';
import { backupRoutes } from './backups';
import { blobRoutes } from './blobs';
import { calendarRoutes } from './calendars';
import { changeReviewRoutes } from './change-reviews';
import { changeRoutes } from './changes';
import { definitionRoutes } from './definitions';
import { durationRoutes } from './durations';
import { evidenceRoutes } from './evidence';
import { historyRoutes } from './history';
import { identityRoutes } from './identity';
import { inventoryRoutes } from './inventories';
import { liveRoutes } from './live';
import { loginRoutes } from './logins';
import { noticeRoutes } from './notices';
import { notificationRoutes } from './notifications';
import { peopleRoutes } from './people';
import { runDetailRoutes } from './run-details';
import { runListRoutes } from './run-list';
import { runOutputRoutes } from './run-output';
import { runRoutes } from './runs';
import { scheduleRoutes } from './schedules';
import { systemRoutes } from './system';
import { taskDetailRoutes } from './task-details';
import { taskRoutes } from './tasks';
import { tokenRoutes } from './tokens';
import { webhookRoutes } from './webhooks';

/** Every route below `/api/v1`. */
export const routes = [
  ...runRoutes,
  ...runListRoutes,
  ...runDetailRoutes,
  ...runOutputRoutes,
  ...historyRoutes,
  ...liveRoutes,
  ...taskRoutes,
  ...taskDetailRoutes,
  ...changeRoutes,
  ...changeReviewRoutes,
  ...backupRoutes,
  ...definitionRoutes,
  ...blobRoutes,
  ...authoringRoutes,
  ...inventoryRoutes,
  ...peopleRoutes,
  ...notificationRoutes,
  ...noticeRoutes,
  ...scheduleRoutes,
  ...calendarRoutes,
  ...durationRoutes,
  ...systemRoutes,
  ...auditRoutes,
  ...evidenceRoutes,
  ...identityRoutes,
  ...tokenRoutes,
  ...loginRoutes,
  ...webhookRoutes,
] as const;

export type ApiRoute = (typeof routes)[number];
