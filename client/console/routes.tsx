import { createRoute, lazyRouteComponent } from '@tanstack/react-router';

import { HomePage } from './pages/home/home-page';
import { SignInPage } from './pages/sign-in/sign-in-page';
import { processRoutes } from './process-routes';
import { rootRoute, shellRoute } from './root-route';

const signIn = createRoute({ getParentRoute: () => rootRoute, path: '/sign-in', component: SignInPage });
const home = createRoute({ getParentRoute: () => shellRoute, path: '/', component: HomePage });

/** Every page is a line here; its own code is loaded when it is first opened. */
export const routeTree = rootRoute.addChildren([
  signIn,
  shellRoute.addChildren([
    home,
    createRoute({
      getParentRoute: () => shellRoute,
      path: '/runs',
      component: lazyRouteComponent(() => import('./pages/runs/runs-page'), 'RunsPage'),
    }),
    createRoute({
      getParentRoute: () => shellRoute,
      path: '/runs/$run',
      component: lazyRouteComponent(() => import('./pages/run/run-page'), 'RunPage'),
    }),
    createRoute({
      getParentRoute: () => shellRoute,
      path: '/start',
      component: lazyRouteComponent(() => import('./pages/start/runbooks-page'), 'RunbooksPage'),
    }),
    createRoute({
      getParentRoute: () => shellRoute,
      path: '/start/$runbook',
      component: lazyRouteComponent(() => import('./pages/start/start-page'), 'StartPage'),
    }),
    createRoute({
      getParentRoute: () => shellRoute,
      path: '/tasks',
      component: lazyRouteComponent(() => import('./pages/tasks/tasks-page'), 'TasksPage'),
    }),
    createRoute({
      getParentRoute: () => shellRoute,
      path: '/tasks/$task',
      component: lazyRouteComponent(() => import('./pages/tasks/task-page'), 'TaskPage'),
    }),
    ...processRoutes,
  ]),
]);
