import { ianaZone } from '../definitions/calendar/zone';
import { reachable } from '../platform/people';
import type { Person } from '../platform/people';
import type { Delivery, NoticeRow, VoteTerms } from '../platform/store/outbox';
import { deliveriesFor } from '../workflows/domain/notice-delivery';
import type { NoticeDelivery } from '../workflows/domain/notice-delivery';
import type { CourierParts } from './courier-parts';
import { concernedBy } from './notice-concern';
import type { NoticeSubject } from './notice-subject';

/** For tasks that never come due: an old message must not be a key for ever. */
const tokenLifeMs = 30 * 24 * 60 * 60_000;

interface Told {
  readonly notice: NoticeRow;
  readonly subject: NoticeSubject;
}

/** Finds out who is to be told, by which channels and when: one notice becomes one for each of them. */
export async function addressNotice(parts: CourierParts, notice: NoticeRow, subject: NoticeSubject): Promise<void> {
  const { store, now } = parts;
  const principals = concernedBy(notice, subject);
  const people = await peopleOf(parts, principals);
  if (people !== null && people.length === 0) return store.notices.drop(notice);
  const reached = (people ?? []).map((person) => ({ person, channels: channelsTo(parts, notice, person) }));
  if (reached.every(({ channels }) => channels.length === 0)) {
    const reason = `no Person document says where "${principals.join('", "')}" can be reached`;
    return store.notices.settle([notice], { kind: 'failed', code: 'ADDRESS_UNKNOWN', reason, at: now() });
  }
  const vote = voteTermsOf(notice, subject);
  const deliveries: Delivery[] = [];
  for (const { person, channels } of reached)
    for (const delivery of deliveriesFor(await requestOf(parts, { notice, subject }, { person, channels })))
      deliveries.push(deliveryTo(person, delivery, vote));
  // Whoever has turned it off is not told, and that is no failure.
  if (deliveries.length === 0) return store.notices.drop(notice);
  return store.notices.address(notice, deliveries, now());
}

/** Each once, without those who have left; null: nobody stands for it. */
async function peopleOf(
  { people, audience, now }: CourierParts,
  principals: readonly string[],
): Promise<readonly Person[] | null> {
  const references = new Set<string>();
  for (const principal of principals)
    if (principal.startsWith('user/')) references.add(principal);
    else for (const reference of await audience(principal, now())) references.add(reference);
  if (principals.length > 0 && references.size === 0) return null;
  const found = await Promise.all([...references].map((reference) => people.find(reference)));
  return found.filter(({ active }) => active);
}

/** Preferences change, and what is tried again comes at another time of day: answers those that are to be sent now. */
export async function stillWanted<T extends Told>(
  parts: CourierParts,
  together: readonly T[],
  person: Person,
): Promise<readonly T[]> {
  const { store, now } = parts;
  const wanted: T[] = [];
  const early: NoticeRow[] = [];
  let until = 0;
  for (const told of together) {
    const { notice, subject } = told;
    const request = await requestOf(parts, told, { person, channels: channelsTo(parts, notice, person) });
    const deliveries = deliveriesFor(request);
    // What was gathered is due now: only the quiet hours are looked at again.
    const atOnce = deliveriesFor({ ...request, preferences: { ...request.preferences, digest: 'off' } });
    const here = atOnce.find(({ channel }) => channel === notice.channel);
    if (deliveries.length === 0) await store.notices.drop(notice);
    else if (here === undefined) {
      // By other channels now: who is told there already is not told again.
      const vote = voteTermsOf(notice, subject);
      const others = deliveries.map((delivery) => deliveryTo(person, delivery, vote));
      await store.notices.address(notice, others, now());
    } else if (here.at <= request.at) wanted.push(told);
    else {
      early.push(notice);
      until = Math.max(until, here.at);
    }
  }
  if (early.length > 0) await store.notices.hold(early, until);
  return wanted;
}

type Channels = ReturnType<typeof reachable>;

/** That an answer by mail did not count is told by mail, and to nobody who reads along. */
function channelsTo({ carriers }: CourierParts, { what }: NoticeRow, person: Person): Channels {
  const channels = reachable(person, carriers);
  return what === 'task.refused' ? channels.filter((channel) => channel === 'mail') : channels;
}

async function requestOf(
  { store, now }: CourierParts,
  { notice, subject }: Told,
  { person, channels }: { readonly person: Person; readonly channels: Channels },
): Promise<Parameters<typeof deliveriesFor>[0]> {
  return {
    kind: notice.what,
    preferences: await store.preferences.get(person.reference),
    reachable: channels,
    at: now(),
    by: subject.kind === 'task' ? subject.task.dueAt : null,
    clock: clockOf(person),
  };
}

function deliveryTo(person: Person, { channel, at, digest }: NoticeDelivery, vote: VoteTerms | null): Delivery {
  return { recipient: person.reference, channel, at, isGathered: digest, vote };
}

const utc = { instantOf: (wallMs: number) => wallMs, wallOf: (instantMs: number) => instantMs };

function clockOf({ zone }: Person) {
  return zone === null ? utc : (ianaZone(zone) ?? utc);
}

function voteTermsOf({ what }: NoticeRow, subject: NoticeSubject): VoteTerms | null {
  if (subject.kind !== 'task' || what === 'task.refused') return null;
  const { planHash, showHash, dueAt, openedAt } = subject.task;
  return { planHash, showHash, expiresAt: dueAt ?? openedAt + tokenLifeMs };
}
