import type { Store } from '../platform/store/store';
import type { Action, Scope } from '../workflows/domain/authorization';
import { isKeeperId } from '../workflows/domain/backup-ids';
import type { JournalKind } from '../workflows/domain/journal';
import { readActionOf } from './definition-actions';
import type { SubjectReference } from './live-fact';

export interface LiveSubject {
  readonly number: number | null;
  readonly name: string;
  readonly scope: Scope;
  /** Where the kind of the subject alone does not say who may read it. */
  readonly action?: Action;
}

const unknown: LiveSubject = { number: null, name: '', scope: {} };
/** Titles may change; that is seen this late. */
const keepMs = 60_000;
/** After these the scope may be another one. */
const moving: ReadonlySet<string> = new Set<JournalKind>([
  'run.created',
  'change.opened',
  'change.planned',
  'backup.kept',
  'backup.opened',
  'definition.published',
]);
const mostKept = 5_000;

/** What events are about, looked up once for many of them. */
export class LiveSubjects {
  readonly #known = new Map<string, { readonly subject: LiveSubject; readonly until: number }>();

  constructor(private readonly store: Pick<Store, 'views' | 'changes' | 'backups' | 'definitions'>) {}

  /** `kind`: of the entry that is about it. */
  async find(reference: SubjectReference, kind: string): Promise<LiveSubject> {
    const key = `${reference.kind} ${reference.id}`;
    const known = moving.has(kind) ? undefined : this.#known.get(key);
    if (known !== undefined && known.until > Date.now()) return known.subject;
    const subject = await this.#look(reference);
    if (subject === null) return unknown;
    if (this.#known.size >= mostKept) this.#known.clear();
    this.#known.set(key, { subject, until: Date.now() + keepMs });
    return subject;
  }

  async #look({ kind, id }: SubjectReference): Promise<LiveSubject | null> {
    switch (kind) {
      case 'run':
      case 'lock':
        return this.#run(id);
      case 'change': {
        const change = await this.store.changes.get(id);
        return change === null ? null : { number: change.number, name: change.title, scope: change.scope };
      }
      case 'backup':
        return this.#backup(id);
      case 'definition':
        return this.#definition(id);
      case 'system':
        return null;
    }
  }

  async #run(id: string): Promise<LiveSubject | null> {
    const run = await this.store.views.run(id);
    return run === null ? null : { number: run.number, name: run.definition.name, scope: run.scope };
  }

  async #backup(id: string): Promise<LiveSubject | null> {
    if (isKeeperId(id)) {
      const plan = (await this.store.backups.plans()).find((row) => row.id === id);
      return plan === undefined ? null : { number: null, name: plan.name, scope: plan.scope };
    }
    const operation = await this.store.backups.operation(id);
    return operation === null ? null : { number: null, name: operation.plan, scope: operation.scope };
  }

  async #definition(id: string): Promise<LiveSubject | null> {
    // Names of definitions have folders.
    const cut = id.indexOf('/');
    const [kind, name] = [id.slice(0, cut), id.slice(cut + 1)];
    const found = await this.store.definitions.get(kind, name);
    return { number: null, name, scope: found?.scope ?? {}, action: readActionOf(kind) };
  }
}
