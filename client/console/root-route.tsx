import { createRootRoute, createRoute } from '@tanstack/react-router';

import { textsOf } from './search';
import { NotFound, Shell } from './shell/shell';

const rootRoute = createRootRoute({ validateSearch: textsOf, notFoundComponent: NotFound });

/** Everything but the sign-in page stands within the shell. */
export const shellRoute = createRoute({ getParentRoute: () => rootRoute, id: 'shell', component: Shell });

export { rootRoute };
