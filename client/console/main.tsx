import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';

import { ToastProvider } from './kit/toast';
import { LiveProvider } from './live';
import { queryClient } from './query-client';
import { router } from './router';
import { applyTheme, storedTheme } from './theme';

applyTheme(storedTheme());

const root = document.getElementById('root');
if (root === null) throw new Error('Cannot start the console: no element "root" in the page');
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <LiveProvider>
        <ToastProvider>
          <RouterProvider router={router} />
        </ToastProvider>
      </LiveProvider>
    </QueryClientProvider>
  </StrictMode>,
);
