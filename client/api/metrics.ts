import { Gauge, Histogram, Registry } from 'prom-client';

import { backupMetrics } from '../backup-metrics';
import { prometheusText } from '../prometheus-text';
import type { ApiContext } from './context';

/** What Prometheus is told: of the engine as it is found when somebody asks, of the API as it served. */
export interface Metrics {
  /** `route` as it is declared, never as it was asked for: its values must stay few. */
  served(request: { readonly method: string; readonly route: string; readonly status: number }, seconds: number): void;
  /** One more feed is listened to; the answer ends it. */
  listening(): () => void;
  text(): Promise<string>;
}

const openStates = ['pending', 'running', 'waiting', 'paused'] as const;
const deliveryStates = ['waiting', 'sending', 'delivered', 'dead'] as const;
/** Nobody is alarmed by more than these. */
const countedUpTo = 100_000;

export function createMetrics(context: ApiContext): Metrics {
  const registry = new Registry();
  const registers = [registry];
  const latency = new Histogram({
    name: 'mainstay_http_request_duration_seconds',
    help: 'How long requests took; feeds are not among them.',
    labelNames: ['method', 'route', 'status'] as const,
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers,
  });
  const viewers = new Gauge({ name: 'mainstay_event_viewers', help: 'Feeds that are listened to.', registers });
  addEngineGauges(registry, context);
  return {
    served: ({ method, route, status }, seconds) => latency.observe({ method, route, status }, seconds),
    listening() {
      viewers.inc();
      return () => viewers.dec();
    },
    async text() {
      const backups = prometheusText(backupMetrics(await context.backups.scores(), Date.now()));
      return `${await registry.metrics()}\n${backups}`;
    },
  };
}

function addEngineGauges(registry: Registry, { store, workers }: ApiContext): void {
  const registers = [registry];
  void new Gauge({
    name: 'mainstay_open_runs',
    help: 'Runs that have not ended, by state.',
    labelNames: ['state'] as const,
    registers,
    async collect() {
      for (const state of openStates) this.set({ state }, await store.views.countRuns({ state, upTo: countedUpTo }));
    },
  });
  void new Gauge({
    name: 'mainstay_open_tasks',
    help: 'Tasks that wait for people.',
    registers,
    async collect() {
      this.set(await store.views.countTasks(countedUpTo));
    },
  });
  void new Gauge({
    name: 'mainstay_oldest_task_age_seconds',
    help: 'Age of the task that has waited longest; 0: none waits.',
    registers,
    async collect() {
      const [oldest] = await store.views.tasks({ open: true, limit: 1 });
      this.set(oldest === undefined ? 0 : Math.max(0, Date.now() - oldest.openedAt) / 1_000);
    },
  });
  void new Gauge({
    name: 'mainstay_webhook_deliveries',
    help: 'What subscriptions are told, by how far that has come.',
    labelNames: ['state'] as const,
    registers,
    async collect() {
      const counts = await store.deliveries.count();
      for (const state of deliveryStates) this.set({ state }, counts.get(state) ?? 0);
    },
  });
  void new Gauge({
    name: 'mainstay_workers',
    help: 'Workers that take work; -1: Temporal is away and nobody knows.',
    registers,
    async collect() {
      const presence = await workers();
      this.set(presence.temporal === 'up' ? presence.workers : -1);
    },
  });
}
