import type { Json } from '../../workflows/domain/json';

/** Of parameters, by name: what one looks like that is right. */
export const parameterExamples: { readonly [name: string]: Json } = {
  ref: '12',
  plan: 'shop-db',
  kind: 'Runbook',
  name: 'nginx-upgrade',
  digest: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  limit: 50,
};

/** Of bodies, by route. */
export const bodyExamples: { readonly [route: string]: Json } = {
  'POST /runs': { definition: 'nginx-upgrade', inputs: { version: '1.24.0' }, inventory: 'web' },
  'POST /plans': { definition: 'nginx-upgrade@1.2.0', inputs: { version: '1.24.0' } },
  'POST /runs/:ref/control': { action: 'pause' },
  'POST /runs/:ref/resume': { from: 'install', hosts: ['web1'] },
  'POST /runs/:ref/events': { name: 'deploy.finished', data: { build: 7 } },
  'POST /tasks/:id/answer': { choice: 'approve', comment: 'Looked at the plan' },
  'POST /tasks/:id/comments': { text: 'The window moved to Thursday' },
  'POST /definitions': {
    sources: [{ name: 'hello.yaml', text: 'apiVersion: mainstay/v1\nkind: Runbook\n…', files: {} }],
  },
  'POST /definitions/lint': { sources: [{ name: 'hello.yaml', text: 'apiVersion: mainstay/v1\nkind: Runbook\n…' }] },
  'POST /definitions/preview': {
    sources: [{ name: 'hello.yaml', text: 'apiVersion: mainstay/v1\nkind: Runbook\n…' }],
    inputs: { who: 'world' },
  },
  'POST /backups/:plan/run': { backup: 'nightly' },
  'POST /changes/:ref/submit': {},
};
