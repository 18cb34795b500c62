import { createBackupEngine } from '../../../client/backup-engine';
import type { BackupEngine } from '../../../client/backup-engine';
import { backupSources } from '../../../client/backup-sources';
import type { BackupGateway, Delivery, RunMessage, Standing } from '../../../client/run-gateway';
import type { Store } from '../../../platform/store/store';
import type { KeeperInput } from '../../../workflows/backup/messages';

export interface FakeBackups {
  readonly engine: BackupEngine;
  readonly started: KeeperInput[];
  /** Plans whose keepers were told to look again. */
  readonly told: string[];
  readonly sent: RunMessage[];
  readonly calledOff: { readonly id: string; readonly reason: string }[];
  /** Where the execution of an operation stands; of the others nobody knows. */
  readonly standings: Map<string, Standing>;
  /** What messages are answered with from now on, one after the other; the last for all that follow. */
  answer(...deliveries: readonly Delivery<object>[]): void;
  /** The next calls fail. */
  fail(error: Error | null): void;
  /** Happens each time before somebody answers. */
  beforeAnswers(happens: () => Promise<unknown>): void;
  /** Operations are not there any more. */
  close(): void;
}

/** The engine of backups over a store; keepers and operations only remember what they were told. */
export function fakeBackups(store: Store, now: () => number = () => 1_000): FakeBackups {
  let deliveries: readonly Delivery<object>[] = [
    { kind: 'answered', result: { accepted: true, operation: 'b00000000000a', warnings: [] } },
  ];
  let failure: Error | null = null;
  let isClosed = false;
  let happens: () => Promise<unknown> = () => Promise.resolve();
  const started: KeeperInput[] = [];
  const told: string[] = [];
  const sent: RunMessage[] = [];
  const calledOff: FakeBackups['calledOff'] = [];
  const standings: FakeBackups['standings'] = new Map();
  const gateway: BackupGateway = {
    async startKeeper(input) {
      if (failure !== null) throw failure;
      if (started.some(({ keeper }) => keeper.id === input.keeper.id)) return 'exists';
      started.push(input);
      return 'started';
    },
    async tellKeeper(input) {
      if (failure !== null) throw failure;
      told.push(input.plan);
    },
    async callOff(id, reason) {
      if (isClosed) return 'closed';
      calledOff.push({ id, reason });
      return 'told';
    },
    async standing(id) {
      await happens();
      return standings.get(id) ?? 'unknown';
    },
    async send<R>(message: RunMessage) {
      if (failure !== null) throw failure;
      sent.push(message);
      await happens();
      const [delivery, ...others] = deliveries;
      if (others.length > 0) deliveries = others;
      return parseDelivery<R>(delivery ?? { kind: 'closed' });
    },
  };
  return {
    engine: createBackupEngine({ store, gateway, sources: backupSources(store), now }),
    started,
    told,
    sent,
    calledOff,
    standings,
    answer: (...next) => void (deliveries = next),
    fail: (error) => void (failure = error),
    beforeAnswers: (first) => void (happens = first),
    close: () => void (isClosed = true),
  };
}

/** What comes back over the wire has no type: JSON is where the test's answer takes the shape that the caller expects. */
function parseDelivery<R>(delivery: Delivery<object>): Delivery<R> {
  return JSON.parse(JSON.stringify(delivery));
}
