import { fileURLToPath } from 'node:url';

import { defineConfig } from 'vite';

const dist = fileURLToPath(new URL('../../dist/console', import.meta.url));

// oxlint-disable-next-line import/no-default-export -- what vite reads
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  // Inlined assets would be data: addresses, which the content security policy refuses.
  build: {
    outDir: dist,
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1_000,
    rolldownOptions: {
      onwarn(warning, handle) {
        // "use client" is for servers that render; there is none here.
        if (warning.code !== 'MODULE_LEVEL_DIRECTIVE') handle(warning);
      },
    },
  },
  server: { proxy: { '/api': 'http://127.0.0.1:7411' } },
});
