import { createRoute, lazyRouteComponent } from '@tanstack/react-router';

import { shellRoute } from './root-route';

/** Pages of the processes around runs, of what they are made of, and of who may do what. */
export const processRoutes = [
  createRoute({
    getParentRoute: () => shellRoute,
    path: '/changes',
    component: lazyRouteComponent(() => import('./pages/changes/changes-page'), 'ChangesPage'),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: '/changes/new',
    component: lazyRouteComponent(() => import('./pages/changes/new-change-page'), 'NewChangePage'),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: '/changes/$change',
    component: lazyRouteComponent(() => import('./pages/changes/change-page'), 'ChangePage'),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: '/changes/$change/edit',
    component: lazyRouteComponent(() => import('./pages/changes/edit-change-page'), 'EditChangePage'),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: '/backups',
    component: lazyRouteComponent(() => import('./pages/backups/backups-page'), 'BackupsPage'),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: '/backups/$plan',
    component: lazyRouteComponent(() => import('./pages/backups/backup-plan-page'), 'BackupPlanPage'),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: '/backup-operations/$operation',
    component: lazyRouteComponent(() => import('./pages/backups/operation-page'), 'OperationPage'),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: '/definitions',
    component: lazyRouteComponent(() => import('./pages/definitions/definitions-page'), 'DefinitionsPage'),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: '/definitions/$kind/$name',
    component: lazyRouteComponent(() => import('./pages/definitions/definition-page'), 'DefinitionPage'),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: '/editor',
    component: lazyRouteComponent(() => import('./pages/definitions/editor-page'), 'EditorPage'),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: '/inventory',
    component: lazyRouteComponent(() => import('./pages/inventory/inventory-page'), 'InventoryPage'),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: '/schedules',
    component: lazyRouteComponent(() => import('./pages/schedules/schedules-page'), 'SchedulesPage'),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: '/locks',
    component: lazyRouteComponent(() => import('./pages/locks/locks-page'), 'LocksPage'),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: '/audit',
    component: lazyRouteComponent(() => import('./pages/audit/audit-page'), 'AuditPage'),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: '/access',
    component: lazyRouteComponent(() => import('./pages/access/access-page'), 'AccessPage'),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: '/notifications',
    component: lazyRouteComponent(() => import('./pages/notifications/notifications-page'), 'NotificationsPage'),
  }),
] as const;
