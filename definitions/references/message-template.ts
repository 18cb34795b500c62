import { collide } from '../../workflows/domain/notice-template';
import type { LoadedDocument, LoadedMessageTemplate } from '../document';
import { noticeTemplateOf } from '../kinds/message-template';
import { compareVersions } from '../library';
import { atValue } from '../lint/note';
import type { Problem } from '../problems';
import type { ReferenceOptions } from './named';

/** Two templates for one message: whoever reads them could not tell which words it. */
export function templateCollisions(
  document: LoadedMessageTemplate,
  { tiers }: Pick<ReferenceOptions, 'tiers'>,
): readonly Problem[] {
  if (document.spec.active === false) return [];
  const own = noticeTemplateOf(document.metadata.name, document.spec);
  return inForce(tiers)
    .filter(({ spec, metadata }) => spec.active !== false && collide(own, noticeTemplateOf(metadata.name, spec)))
    .map(({ metadata }) => {
      const message = `Cannot word "${own.notice}" twice: the template "${metadata.name}" does for the same channels`;
      return atValue(document, ['spec', 'notice'], { code: 'TEMPLATE_TAKEN', message, found: own.notice });
    });
}

/** Of each name the newest version of the first tier that knows it. */
function inForce(tiers: readonly (readonly LoadedDocument[])[]): readonly LoadedMessageTemplate[] {
  const found = new Map<string, LoadedMessageTemplate>();
  for (const tier of tiers) {
    const newest = new Map<string, LoadedMessageTemplate>();
    for (const document of tier) {
      if (document.kind !== 'MessageTemplate') continue;
      const known = newest.get(document.metadata.name);
      if (known === undefined || compareVersions(known.metadata.version, document.metadata.version) <= 0)
        newest.set(document.metadata.name, document);
    }
    for (const [name, document] of newest) if (!found.has(name)) found.set(name, document);
  }
  return [...found.values()];
}
