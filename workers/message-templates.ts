import type { NoticeMessage } from '../activities/notice-message';
import { noticeTemplateOf } from '../definitions/kinds/message-template';
import { loadText } from '../definitions/load';
import type { Person } from '../platform/people';
import type { NoticeRow } from '../platform/store/outbox';
import type { Store } from '../platform/store/store';
import type { NoticeContext } from '../workflows/domain/notice-context';
import { templateFor, wordNotice } from '../workflows/domain/notice-template';
import type { NoticeTemplate } from '../workflows/domain/notice-template';
import type { CourierParts } from './courier-parts';
import type { NoticeSubject } from './notice-subject';
import { whatHappened } from './notice-text';

interface Told {
  readonly notice: NoticeRow;
  readonly subject: NoticeSubject;
  readonly person: Pick<Person, 'reference' | 'name'>;
}

/**
 * A message in the words of the template for it. What is asked, the facts and the ways to answer stay as they are. One that cannot be
 * filled in is logged, and the message keeps its own words: somebody must be told in any case.
 */
export async function inOwnWords(
  { store, logger }: Pick<CourierParts, 'store' | 'logger'>,
  message: NoticeMessage,
  told: Told,
): Promise<NoticeMessage> {
  const { what: kind, channel } = told.notice;
  const template = channel === null ? null : templateFor(await publishedTemplates(store), { kind, channel });
  if (template === null) return message;
  const worded = wordNotice(template, contextOf(message, told));
  if (worded.ok) {
    // What is special about this one message comes after the words of its kind, and stays.
    const remarks = message.opening.slice(whatHappened(told.notice, told.subject).length);
    const opening = worded.text === null ? message.opening : [...worded.text, ...remarks];
    return { ...message, subject: worded.subject ?? message.subject, opening };
  }
  const { reason } = worded;
  logger.warn({ template: template.name, kind, error: reason }, 'message template not used: it cannot be filled in');
  return message;
}

/** As published at this moment. */
async function publishedTemplates({ definitions }: Pick<Store, 'definitions'>): Promise<readonly NoticeTemplate[]> {
  const newest = new Map<string, string>();
  // Oldest version first: the last one of a name stands.
  for (const { name, text } of await definitions.list({ kind: 'MessageTemplate' })) newest.set(name, text);
  return [...newest].flatMap(([name, text]) =>
    loadText(name, text).documents.flatMap((document) =>
      document.kind !== 'MessageTemplate' || document.spec.active === false
        ? []
        : [noticeTemplateOf(name, document.spec)],
    ),
  );
}

function contextOf(
  { urgency, title, facts, link }: NoticeMessage,
  { notice: { what: kind }, subject, person }: Told,
): NoticeContext {
  const { cause } = subject;
  const login = person.reference.replace(/^user\//, '');
  return {
    notice: { kind, urgency, at: cause === null ? '' : new Date(cause.at).toISOString() },
    person: { name: person.name ?? login, login },
    about: {
      title,
      facts: Object.fromEntries(facts.map(({ name, lines }) => [name, lines.join('\n')])),
      link: link ?? '',
    },
    ...detailsOf(subject),
  };
}

function detailsOf(subject: NoticeSubject): Pick<NoticeContext, 'run' | 'change'> {
  switch (subject.kind) {
    case 'run': {
      const { number, definition, requester, outcome, error } = subject.run;
      const { name, title } = definition;
      return {
        run: { number, definition: name, title, requester, outcome: outcome ?? '', error: error?.message ?? '' },
      };
    }
    case 'change': {
      const { number, title, model, requester, phase, reason } = subject.change;
      return { change: { number, title, model, requester, phase, reason } };
    }
    case 'task':
    case 'plan':
    case 'operation':
    case 'lock':
      return {};
  }
}
