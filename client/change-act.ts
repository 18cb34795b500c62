import { randomUUID } from 'node:crypto';

import { actsIn, changeMessageNames } from '../workflows/change/messages';
import type { ChangeAct, ChangeAction, ChangeReply } from '../workflows/change/messages';
import type { JournalEntry } from '../workflows/domain/journal';
import type { ChangeRow } from '../platform/store/change-row';
import { RequestError } from './api/errors';
import { refuseBrokenDraft } from './change-draft';
import type { Acted, ChangeCommand, ChangeDependencies } from './change-engine';
import { requireChange } from './change-open';
import { changeRefusals } from './change-refusals';
import { sendPastJournal } from './journal-ahead';
import { streamOf } from '../workflows/domain/streams';

/** Asks a change for something and waits for what it says. A refusal is thrown, with every problem and a hint. */
export async function actOnChange(
  dependencies: ChangeDependencies,
  reference: string,
  command: ChangeCommand,
): Promise<Acted> {
  const { store, gateway } = dependencies;
  const row = await requireChange(store, reference);
  const { action, actor, via, id = randomUUID() } = command;
  if (action.action === 'edit') refuseBrokenDraft(action.draft);
  const act: ChangeAct = { id, actor, via, ...(await scoped(dependencies, action)) };
  const message = { runId: row.id, name: changeMessageNames.change, payload: act, id };
  const delivery = await sendPastJournal<ChangeReply>(
    gateway,
    message,
    async (code) => code === 'CHANGE_STATE' && allows(await requireChange(store, row.id), action),
  );
  switch (delivery.kind) {
    case 'answered': {
      if (!delivery.result.accepted) throw refusal(delivery.result);
      return { change: await requireChange(store, row.id), warnings: delivery.result.warnings };
    }
    case 'rejected':
      await noteRefused(dependencies, row, { act, reason: delivery.reason });
      throw refusal({ code: delivery.code, reason: delivery.reason, problems: [] });
    case 'closed': {
      if (row.standing !== 'over') throw notBegun(row, action);
      if (await wasLast(dependencies, row, act)) return { change: row, warnings: [] };
      const reason = `Cannot ${action.action} CHG-${row.number}: it is ${row.phase}`;
      throw refusal({ code: 'CHANGE_CLOSED', reason, problems: [] });
    }
  }
}

/** What it is about may be something else now: whoever may see that, and nobody else, goes on seeing it. */
async function scoped(dependencies: ChangeDependencies, action: ChangeAction): Promise<ChangeAction> {
  return action.action === 'edit' ? { ...action, scope: await dependencies.scopeOf(action.draft) } : action;
}

function allows({ phase }: ChangeRow, { action }: ChangeAction): boolean {
  return Object.entries(actsIn).some(([of, actions]) => of === phase && actions.includes(action));
}

interface Refused {
  readonly code: string;
  readonly reason: string;
  readonly problems: readonly string[];
}

function refusal({ code, reason, problems }: Refused): RequestError {
  const hint = changeRefusals[code];
  const detail = { code, problems: [...problems], ...(hint === undefined ? {} : { hint }) };
  return new RequestError('CHANGE_REFUSED', reason, { detail });
}

/** What a validator refuses leaves no trace in the workflow; the journal is written here (D9). */
async function noteRefused(
  dependencies: ChangeDependencies,
  row: ChangeRow,
  { act, reason }: { readonly act: ChangeAct; readonly reason: string },
): Promise<void> {
  const entry: JournalEntry<'change.act'> = {
    key: `act/${act.id}/refused`,
    kind: 'change.act',
    at: dependencies.now(),
    actor: act.actor,
    via: act.via,
    payload: { action: act.action, accepted: false, reason, problems: [] },
  };
  await dependencies.store.journal.append(streamOf(row.id), [entry]);
}

/** An act that is sent again, since its reply was lost, may find that the change is over by it. */
async function wasLast({ store }: ChangeDependencies, row: ChangeRow, act: ChangeAct): Promise<boolean> {
  const last = (await store.journal.read(streamOf(row.id), { kinds: ['change.act'] })).at(-1);
  if (last === undefined || last.actor !== act.actor || last.payload === null) return false;
  const told: unknown = JSON.parse(last.payload);
  return (
    typeof told === 'object' &&
    told !== null &&
    Reflect.get(told, 'action') === act.action &&
    Reflect.get(told, 'accepted') === true
  );
}

function notBegun(row: ChangeRow, { action }: ChangeAction): RequestError {
  return new RequestError('ENGINE_UNAVAILABLE', `Cannot ${action} CHG-${row.number}: it has not begun`);
}
