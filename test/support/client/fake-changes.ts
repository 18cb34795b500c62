import { changePreviewer } from '../../../activities/changes/preview';
import { draftScoper } from '../../../activities/plans/plan-scope';
import { createChangeEngine } from '../../../client/change-engine';
import type { ChangeEngine } from '../../../client/change-engine';
import type { ChangeGateway, Delivery, RunMessage } from '../../../client/run-gateway';
import type { Store } from '../../../platform/store/store';
import type { ChangeInput } from '../../../workflows/change/messages';

export interface FakeChanges {
  readonly engine: ChangeEngine;
  readonly started: ChangeInput[];
  readonly sent: RunMessage[];
  /** Ids of changes that were told to look again. */
  readonly told: string[];
  /** What messages are answered with from now on. */
  answer(delivery: Delivery<object>): void;
  /** Settles when the message that is under way was sent a second time. */
  sentAgain(): Promise<void>;
  /** The next starts fail. */
  fail(error: Error | null): void;
}

/** The engine of changes over a store; the changes themselves only remember what they were told. */
export function fakeChanges(store: Store): FakeChanges {
  let delivery: Delivery<object> = {
    kind: 'answered',
    result: { accepted: true, phase: 'authorising', warnings: [] },
  };
  let failure: Error | null = null;
  const again = settledLater();
  const started: ChangeInput[] = [];
  const sent: RunMessage[] = [];
  const told: string[] = [];
  const gateway: ChangeGateway = {
    async startChange(input) {
      if (failure !== null) throw failure;
      if (started.some(({ change }) => change.id === input.change.id)) return 'exists';
      started.push(input);
      return 'started';
    },
    async tellNews(changeId) {
      if (failure !== null) throw failure;
      told.push(changeId);
      return 'told';
    },
    async send<R>(message: RunMessage) {
      sent.push(message);
      if (sent.filter(({ id }) => id === message.id).length === 2) again.resolve();
      return parseDelivery<R>(delivery);
    },
  };
  return {
    engine: createChangeEngine({
      store,
      gateway,
      preview: changePreviewer(store),
      scopeOf: draftScoper(store),
      now: () => 1_000,
    }),
    started,
    sent,
    told,
    answer: (next) => void (delivery = next),
    sentAgain: () => again.settled,
    fail: (error) => void (failure = error),
  };
}

/** What comes back over the wire has no type: JSON is where the test's answer takes the shape that the caller expects. */
function parseDelivery<R>(delivery: Delivery<object>): Delivery<R> {
  return JSON.parse(JSON.stringify(delivery));
}

function settledLater(): { readonly settled: Promise<void>; resolve(): void } {
  let resolve = (): void => undefined;
  const settled = new Promise<void>((done) => {
    resolve = done;
  });
  return { settled, resolve: () => resolve() };
}
