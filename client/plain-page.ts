import { createHash } from 'node:crypto';

import { escapeHtml } from '../workflows/domain/encoding';

const style = `body{font:16px/1.45 system-ui,sans-serif;max-width:40rem;margin:0 auto;padding:1rem;color:#111;background:#fff}
h1{font-size:1.25rem}dt{font-weight:600;margin-top:.6rem}dd{margin:0;overflow-wrap:anywhere;white-space:pre-wrap}
button{font:inherit;font-weight:600;width:100%;padding:.9rem;margin-top:1rem;border:1px solid #111;border-radius:.4rem;background:#111;color:#fff}
textarea{font:inherit;width:100%;box-sizing:border-box;margin-top:.3rem}.note{background:#f3f3f3;padding:.8rem;border-radius:.4rem}
@media(prefers-color-scheme:dark){body{color:#eee;background:#181818}a{color:#9cf}.note{background:#2a2a2a}button{background:#eee;color:#111}}`;

const styleHash = createHash('sha256').update(style).digest('base64');

/** Of pages that need no console. No script, nothing from elsewhere, not within another page, and forms that lead back here only. */
export const pageHeaders: { readonly [name: string]: string } = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': `default-src 'none'; style-src 'sha256-${styleHash}'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'`,
  'cache-control': 'no-store',
  // The address may hold a token.
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-robots-tag': 'noindex',
};

/** `body`: HTML, escaped by whoever made it. */
export function renderPage(title: string, body: readonly string[]): string {
  return [
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">',
    `<title>${escapeHtml(title)}</title><style>${style}</style></head><body>`,
    ...body,
    '</body></html>\n',
  ].join('\n');
}
