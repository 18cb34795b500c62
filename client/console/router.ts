import { createRouter } from '@tanstack/react-router';

import { routeTree } from './routes';
import { parseSearch, searchText } from './search';

export const router = createRouter({
  routeTree,
  parseSearch,
  stringifySearch: searchText,
  defaultPreload: false,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
