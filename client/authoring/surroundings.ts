import { catalogue } from '../../activities/index';
import { isSecretReference } from '../../definitions/compile/inputs';
import type { CompileProblem } from '../../definitions/compile/problems';
import type { Found, RunbookDocument, Surroundings } from '../../definitions/compile/session';
import type { LoadedApprovalPolicy, LoadedConnection, LoadedRunbook } from '../../definitions/document';
import { pathText, quoteFound } from '../../definitions/problems';
import type { Problem } from '../../definitions/problems';
import type { Json } from '../../workflows/domain/json';
import type { Value } from '../../workflows/domain/value';
import type { ConnectionPlan, PolicyRule } from '../../workflows/runbook/plan';
import type { SourceDocument } from './documents';
import type { Pool } from './pool';
import { findDocument } from './pool';

/** What a compilation asks for, answered from a pool of definitions; problems get their file, line and column back. */
export class PoolSurroundings implements Surroundings {
  readonly catalogue = catalogue;
  readonly #known = new Map<string, SourceDocument>();

  constructor(private readonly pool: Pool) {}

  /** The document that a compilation starts from. */
  root(source: SourceDocument & { readonly document: LoadedRunbook }): RunbookDocument {
    return this.#runbookDocument(source, source.document);
  }

  runbook(reference: string): Found<RunbookDocument> {
    const found = findDocument(this.pool, 'Runbook', reference);
    return found.ok ? { ok: true, value: this.#runbookDocument(found.value.source, found.value.document) } : found;
  }

  policy(reference: string): Found<{ readonly rule: PolicyRule; readonly zone: string }> {
    const found = findDocument(this.pool, 'ApprovalPolicy', reference);
    return found.ok ? { ok: true, value: ruleOf(found.value.document) } : found;
  }

  connection(name: string): Found<ConnectionPlan> {
    const found = findDocument(this.pool, 'Connection', name);
    return found.ok ? { ok: true, value: connectionOf(found.value.document) } : found;
  }

  file(document: string, name: string): Found<Uint8Array> {
    const source = this.#known.get(document);
    return source === undefined
      ? { ok: false, code: 'FILE_UNREADABLE', message: `Cannot use file "${name}": its document is unknown` }
      : source.files.read(name);
  }

  /** Inputs are given outside of any document: their problems stand at the document's beginning. */
  placed(problem: CompileProblem): Problem {
    const source = this.#known.get(problem.document);
    const position = source?.document.positionOf(problem.path) ?? { line: 1, column: 1 };
    return {
      code: problem.code,
      file: source?.document.file ?? problem.document,
      line: position.line,
      column: position.column + (problem.offset ?? 0),
      path: pathText(problem.path),
      message: problem.message,
      found: problem.found === undefined ? null : quoteFound(problem.found),
      accepted: problem.accepted ?? [],
      nearest: null,
      hint: '',
    };
  }

  #runbookDocument(source: SourceDocument, { metadata, spec, digest, file }: LoadedRunbook): RunbookDocument {
    const document = `${file} ${metadata.name} ${metadata.version}`;
    this.#known.set(document, source);
    const { name, version, title, owner } = metadata;
    return { document, name, version, title: title ?? name, owner: owner ?? '', digest, spec };
  }
}

function ruleOf({ metadata, spec }: LoadedApprovalPolicy): { readonly rule: PolicyRule; readonly zone: string } {
  const rule: PolicyRule = {
    name: metadata.name,
    approvers: spec.approvers,
    min: spec.min ?? 1,
    rejectOn: spec.rejectOn ?? 1,
    excludeRequester: spec.excludeRequester ?? true,
    ...(spec.escalateTo === undefined ? {} : { escalateTo: spec.escalateTo }),
    silenceMeansConsent: spec.silenceMeansConsent ?? false,
  };
  return { rule, zone: spec.zone ?? 'UTC' };
}

function connectionOf({ spec }: LoadedConnection): ConnectionPlan {
  const { type, ...settings } = spec;
  return { type, settings: Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, settingOf(value)])) };
}

/** A reference stays one: it is resolved where it is used, at the last moment. */
function settingOf(value: Json): Value {
  if (typeof value === 'string') return isSecretReference(value) ? { secret: value } : { literal: value };
  if (typeof value !== 'object' || value === null) return { literal: value };
  if (isList(value)) return { list: value.map(settingOf) };
  const { secret } = value;
  if (typeof secret === 'string' && Object.keys(value).length === 1) return { secret };
  return { map: Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, settingOf(inner)])) };
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
