import { z } from 'zod';

import { ChangeDraft } from '../workflows/change/schema';
import { timePattern } from '../workflows/runbook/fields/schema';
import { isLocalTime } from './calendar/wall-time';
import { convert } from './convert';
import type { Problem } from './problems';
import { schemaProblems } from './schema-problems';
import { parseYamlText } from './yaml-text';
import { treeOf } from './yaml-tree';

/** An instant, or a time on the clock of the zone. */
const AuthoredTime = z
  .string()
  .refine(
    (text) => timePattern.test(text) || isLocalTime(text),
    'a time such as 2026-11-24T22:00 or 2026-11-24T21:00Z',
  );

/** A change as somebody writes it down: what is left out, the command line gives. */
export const AuthoredDraft = ChangeDraft.omit({ window: true })
  .partial()
  .extend({
    window: z
      .strictObject({
        start: AuthoredTime.exactOptional(),
        end: AuthoredTime.exactOptional(),
        cutoff: z.string().exactOptional(),
        zone: z.string().exactOptional(),
      })
      .exactOptional(),
  });
export type AuthoredDraft = z.infer<typeof AuthoredDraft>;

export type ReadDraft =
  { readonly ok: true; readonly draft: AuthoredDraft } | { readonly ok: false; readonly problems: readonly Problem[] };

/** Of a file of its own: a draft is no definition, and has no kind. */
export function readDraft(name: string, text: string): ReadDraft {
  const yaml = parseYamlText(name, text);
  const [document] = yaml.documents;
  if (yaml.problems.length > 0 || document === undefined) return { ok: false, problems: yaml.problems };
  const tree = treeOf({ file: name, text, lines: yaml.lines, document });
  const { value, problems } = convert(tree, AuthoredDraft);
  const parsed = AuthoredDraft.safeParse(value);
  if (parsed.success && problems.length === 0) return { ok: true, draft: parsed.data };
  const issues = parsed.success ? [] : parsed.error.issues;
  return {
    ok: false,
    problems: [...problems, ...schemaProblems({ tree, schema: AuthoredDraft, value, path: [] }, issues)],
  };
}
