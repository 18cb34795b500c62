import type { Call, Fetch, Listen } from './client';
import type { BodyOf, QueryOf } from './types';

export interface Ways {
  readonly call: Call;
  readonly listen: Listen;
  readonly download: Fetch;
}

/** A number, an id or an unambiguous beginning of one; `CHG-12` for a change. */
type Reference = string | number;

export type Resources = ReturnType<typeof createResources>;

/** What is used most, resource by resource; everything else is reached by `call`. */
export function createResources(ways: Ways) {
  return {
    runs: runsOf(ways),
    tasks: tasksOf(ways),
    changes: changesOf(ways),
    backups: backupsOf(ways),
    definitions: definitionsOf(ways),
    status: () => ways.call('GET /status'),
    me: () => ways.call('GET /me'),
    notifications: notificationsOf(ways),
    notices: (query: QueryOf<'GET /notices'> = {}) => ways.call('GET /notices', { query }),
    /** Everything that the caller may see, as it happens. */
    events: (query: QueryOf<'GET /events'> = {}) => ways.listen('GET /events', { query }),
    journal: (query: QueryOf<'GET /journal'> = {}) => ways.call('GET /journal', { query }),
  };
}

function runsOf({ call, listen, download }: Ways) {
  return {
    start: (body: BodyOf<'POST /runs'>, key?: string) => call('POST /runs', { body, ...keyed(key) }),
    list: (query: QueryOf<'GET /runs'> = {}) => call('GET /runs', { query }),
    show: (ref: Reference) => call('GET /runs/:ref', { params: { ref } }),
    steps: (ref: Reference) => call('GET /runs/:ref/steps', { params: { ref } }),
    hosts: (ref: Reference, query: QueryOf<'GET /runs/:ref/hosts'> = {}) =>
      call('GET /runs/:ref/hosts', { params: { ref }, query }),
    control: (ref: Reference, body: BodyOf<'POST /runs/:ref/control'>, key?: string) =>
      call('POST /runs/:ref/control', { params: { ref }, body, ...keyed(key) }),
    resume: (ref: Reference, body: BodyOf<'POST /runs/:ref/resume'> = {}, key?: string) =>
      call('POST /runs/:ref/resume', { params: { ref }, body, ...keyed(key) }),
    signal: (ref: Reference, body: BodyOf<'POST /runs/:ref/events'>, key?: string) =>
      call('POST /runs/:ref/events', { params: { ref }, body, ...keyed(key) }),
    /** Journal entries until the run ends. */
    follow: (ref: Reference, query: QueryOf<'GET /runs/:ref/events'> = {}) =>
      listen('GET /runs/:ref/events', { params: { ref }, query }),
    /** Output until the run ends. */
    tail: (ref: Reference, query: QueryOf<'GET /runs/:ref/logs/events'> = {}) =>
      listen('GET /runs/:ref/logs/events', { params: { ref }, query }),
    output: (ref: Reference, query: QueryOf<'GET /runs/:ref/output'>, range?: string) =>
      download('GET /runs/:ref/output', { params: { ref }, query }, range),
    verify: (ref: Reference) => call('GET /runs/:ref/verify', { params: { ref } }),
  };
}

function tasksOf({ call }: Ways) {
  return {
    list: (query: QueryOf<'GET /tasks'> = {}) => call('GET /tasks', { query }),
    show: (id: string) => call('GET /tasks/:id', { params: { id } }),
    answer: (id: string, body: BodyOf<'POST /tasks/:id/answer'>, key?: string) =>
      call('POST /tasks/:id/answer', { params: { id }, body, ...keyed(key) }),
    delegate: (id: string, body: BodyOf<'POST /tasks/:id/delegate'>, key?: string) =>
      call('POST /tasks/:id/delegate', { params: { id }, body, ...keyed(key) }),
    comment: (id: string, body: BodyOf<'POST /tasks/:id/comments'>, key?: string) =>
      call('POST /tasks/:id/comments', { params: { id }, body, ...keyed(key) }),
  };
}

function changesOf({ call, listen }: Ways) {
  return {
    open: (body: BodyOf<'POST /changes'>, key?: string) => call('POST /changes', { body, ...keyed(key) }),
    list: (query: QueryOf<'GET /changes'> = {}) => call('GET /changes', { query }),
    show: (ref: Reference) => call('GET /changes/:ref', { params: { ref } }),
    submit: (ref: Reference, body: BodyOf<'POST /changes/:ref/submit'> = {}, key?: string) =>
      call('POST /changes/:ref/submit', { params: { ref }, body, ...keyed(key) }),
    follow: (ref: Reference) => listen('GET /changes/:ref/events', { params: { ref } }),
  };
}

function backupsOf({ call }: Ways) {
  return {
    list: () => call('GET /backups'),
    show: (plan: string) => call('GET /backups/:plan', { params: { plan } }),
    run: (plan: string, body: BodyOf<'POST /backups/:plan/run'> = {}, key?: string) =>
      call('POST /backups/:plan/run', { params: { plan }, body, ...keyed(key) }),
    drill: (plan: string, body: BodyOf<'POST /backups/:plan/drill'> = {}, key?: string) =>
      call('POST /backups/:plan/drill', { params: { plan }, body, ...keyed(key) }),
  };
}

function notificationsOf({ call }: Ways) {
  return {
    /** Of the caller; of somebody else with their login. */
    show: (login?: string) =>
      login === undefined
        ? call('GET /me/notifications')
        : call('GET /people/:login/notifications', { params: { login } }),
    set: (body: BodyOf<'POST /me/notifications'>, login?: string) =>
      login === undefined
        ? call('POST /me/notifications', { body })
        : call('POST /people/:login/notifications', { params: { login }, body }),
  };
}

function definitionsOf({ call }: Ways) {
  return {
    publish: (body: BodyOf<'POST /definitions'>) => call('POST /definitions', { body }),
    list: (query: QueryOf<'GET /definitions'> = {}) => call('GET /definitions', { query }),
    show: (kind: string, name: string, query: QueryOf<'GET /definitions/:kind/:name'> = {}) =>
      call('GET /definitions/:kind/:name', { params: { kind, name }, query }),
    lint: (body: BodyOf<'POST /definitions/lint'>) => call('POST /definitions/lint', { body }),
    preview: (body: BodyOf<'POST /definitions/preview'>) => call('POST /definitions/preview', { body }),
  };
}

function keyed(key: string | undefined): { readonly key?: string } {
  return key === undefined ? {} : { key };
}
