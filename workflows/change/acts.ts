import { note } from './facts';
import type { Here } from './here';
import { as, nameOf } from './here';
import { actsIn } from './messages';
import type { ChangeAct, ChangeProblem, ChangeReply } from './messages';
import type { ChangeState } from './state';

type ActionName = ChangeAct['action'];

export interface ActRefusal {
  readonly code: string;
  readonly reason: string;
}

/** Synchronous and pure. */
export function refusalOfAct(state: ChangeState, act: ChangeAct, name: string): ActRefusal | null {
  if (state.replies[act.id] !== undefined || state.acts.some(({ id }) => id === act.id)) return null;
  if (actsIn[state.phase].includes(act.action)) return null;
  const wanted = Object.entries(actsIn).filter(([, actions]) => actions.includes(act.action));
  const when = wanted.map(([phase]) => phase).join(', ');
  return {
    code: 'CHANGE_STATE',
    reason: `Cannot ${act.action} ${name}: it is ${state.phase}${when === '' ? '' : ` (possible while it is ${when})`}`,
  };
}

/** Those of one phase. Answers what becomes of the act; may move the change. */
export type ActHandlers = {
  readonly [A in ActionName]?: (act: Extract<ChangeAct, { action: A }>, here: Here) => Promise<ChangeReply>;
};

/** The oldest act that nobody has answered. */
export function hasAct({ state }: Here): boolean {
  return state.acts.length > 0;
}

/** More than these are not kept: an act is asked again within minutes, or never. */
const repliesKept = 50;

/** Carries out the oldest act. It stays in the state until it is answered: entered again, it is carried out again. */
export async function answerAct(handlers: ActHandlers, here: Here): Promise<void> {
  const { state } = here;
  const [act] = state.acts;
  if (act === undefined) return;
  const reply = await replyTo(act, handlers, here);
  const accepted = reply.accepted;
  const problems = accepted ? [] : reply.problems;
  const reason = accepted ? reply.warnings.join('; ') : reply.reason;
  note(as(act, here), 'change.act', { action: act.action, accepted, reason, problems });
  state.acts = state.acts.filter(({ id }) => id !== act.id);
  const replies = Object.entries({ ...state.replies, [act.id]: reply }).slice(-repliesKept);
  state.replies = Object.fromEntries(replies);
  await here.effects.flush();
}

async function replyTo(act: ChangeAct, handlers: ActHandlers, here: Here): Promise<ChangeReply> {
  const refused = (): ChangeReply =>
    refuse('CHANGE_STATE', `Cannot ${act.action} ${nameOf(here)}: it is ${here.state.phase}`);
  switch (act.action) {
    case 'submit':
      return (await handlers.submit?.(act, here)) ?? refused();
    case 'edit':
      return (await handlers.edit?.(act, here)) ?? refused();
    case 'revise':
      return (await handlers.revise?.(act, here)) ?? refused();
    case 'reschedule':
      return (await handlers.reschedule?.(act, here)) ?? refused();
    case 'extend':
      return (await handlers.extend?.(act, here)) ?? refused();
    case 'cancel':
      return (await handlers.cancel?.(act, here)) ?? refused();
    case 'review':
      return (await handlers.review?.(act, here)) ?? refused();
  }
}

export function accept({ state }: Here, warnings: readonly string[] = []): ChangeReply {
  return { accepted: true, phase: state.phase, warnings };
}

export function refuse(code: string, reason: string, problems: readonly string[] = []): ChangeReply {
  return { accepted: false, code, reason, problems };
}

/** The first problem is the reason; all are told. */
export function refuseFor(problems: readonly ChangeProblem[], otherwise: string): ChangeReply {
  const [first] = problems;
  return refuse(
    first?.code ?? 'CHANGE_REFUSED',
    first?.message ?? otherwise,
    problems.map(({ message }) => message),
  );
}
