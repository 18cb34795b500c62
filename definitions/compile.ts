import type { Catalogue } from '../activities/connector';
import { canonicalJson } from '../workflows/domain/canonical-json';
import type { JsonObject } from '../workflows/domain/json';
import type { Plan } from '../workflows/runbook/plan';
import { readBeside } from './compile/files';
import { inventoryView } from './compile/inventory-view';
import { Problems } from './compile/problems';
import type { CompileProblem } from './compile/problems';
import { compileProgram, missingInventory } from './compile/program';
import type { FileReader, Found, RunbookDocument, Session, Surroundings } from './compile/session';
import { compileStep, compileSteps } from './compile/steps';
import { planHost, TargetSets } from './compile/target-sets';
import { compileConnection } from './compile/connection';
import type { LoadedDocument, LoadedRunbook } from './document';
import type { ResolvedInventory } from './inventory';
import { policyRule, respondWithin } from './policy-rule';
import { resolveReference } from './library';
import type { Resolution, Tiers } from './library';
import { asJson, materialHash } from './plan-hash';
import { hintOf } from './problem-codes';
import { nearestWord, pathText, sortProblems } from './problems';
import type { Problem } from './problems';

export interface CompileRequest {
  readonly runbook: LoadedRunbook;
  /** Everything that references may resolve to, in order of precedence. */
  readonly documents: Tiers;
  /** Null: none is at hand. */
  readonly inventory: ResolvedInventory | null;
  readonly inputs: JsonObject;
  readonly catalogue: Catalogue;
  /** Names of hosts that are left of the targets. */
  readonly limit?: readonly string[];
  /** Absent: from the disk. */
  readonly files?: FileReader;
}

export type CompileResult =
  | {
      readonly ok: true;
      readonly plan: Plan;
      readonly blobs: ReadonlyMap<string, Uint8Array>;
      readonly notes: readonly string[];
    }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** What a start input of Temporal can carry with room to spare; hosts and files are beside it. */
const programLimitBytes = 256 * 1024;

/** Resolves a runbook into a plan: a whole program that looks nothing up. All problems are told at once. */
export function compile(request: CompileRequest): CompileResult {
  const session = openSession(request);
  const program = compileProgram({
    session,
    runbook: runbookDocument(request.runbook),
    inputs: request.inputs,
    evaluates: true,
    late: new Set(),
    prefix: '',
    stack: [],
    givenAt: null,
  });
  checkInventory(request, session);
  checkLimit(request, session);
  if (request.runbook.spec.scope === 'host')
    addRootProblem(request, session, {
      code: 'RUNBOOK_SCOPE',
      message: 'Cannot run the runbook by itself: it works on one host of a rollout',
    });
  const describe = hostDescription(request, session);
  const { sets, blobs } = session.sets.finish(describe);
  const size = Buffer.byteLength(canonicalJson(asJson(program)));
  if (size > programLimitBytes)
    addRootProblem(request, session, {
      code: 'PLAN_TOO_LARGE',
      message: `Cannot make the plan: its program has ${size} bytes, at most ${programLimitBytes}`,
    });
  if (session.problems.list.length > 0) return { ok: false, problems: located(request, session.problems.list) };
  const content = { program, targetSets: sets };
  const plan: Plan = { format: 'mainstay/plan/1', planHash: materialHash(content), ...content };
  return { ok: true, plan, blobs: new Map([...blobs, ...session.files]), notes: notesOf(request) };
}

/**
 * The same without inputs and inventory: every name, type, phase and reference is looked at, nothing is evaluated.
 */
export function checkRunbook(request: Omit<CompileRequest, 'inputs' | 'inventory' | 'limit'>): readonly Problem[] {
  const whole: CompileRequest = { ...request, inputs: {}, inventory: null };
  const session = openSession(whole);
  compileProgram({
    session,
    runbook: runbookDocument(request.runbook),
    inputs: {},
    evaluates: false,
    late: new Set(),
    prefix: '',
    stack: [],
    givenAt: null,
  });
  return located(whole, session.problems.list);
}

function openSession(request: CompileRequest): Session {
  return {
    surroundings: surroundingsOf(request),
    problems: new Problems(),
    inventory: request.inventory === null ? null : inventoryView(request.inventory),
    limit: request.limit === undefined ? null : new Set(request.limit),
    sets: new TargetSets(),
    files: new Map(),
    used: { labels: new Set(), hostVars: new Set(), groups: false },
    compilers: { steps: compileSteps, step: compileStep, program: compileProgram },
  };
}

function surroundingsOf(request: CompileRequest): Surroundings {
  const { documents, catalogue } = request;
  return {
    catalogue,
    runbook: (reference) => found(resolveReference('Runbook', reference, documents), runbookDocument),
    policy: (reference) =>
      found(resolveReference('ApprovalPolicy', reference, documents), (policy) => ({
        rule: policyRule(policy),
        zone: policy.spec.zone ?? 'UTC',
        respondWithin: respondWithin(policy),
      })),
    connection: (name) => found(resolveReference('Connection', name, documents), ({ spec }) => compileConnection(spec)),
    file: request.files ?? readBeside,
  };
}

function found<D, T>(resolution: Resolution<D>, map: (document: D) => T): Found<T> {
  return resolution.ok ? { ok: true, value: map(resolution.document) } : resolution;
}

function runbookDocument(loaded: LoadedRunbook): RunbookDocument {
  const { metadata, spec, digest, file } = loaded;
  const { name, version, title = name, owner = '' } = metadata;
  return { document: documentKey(file, digest), name, version, title, owner, digest, spec };
}

/** A file may hold several documents. */
function documentKey(file: string, digest: string): string {
  return `${file}#${digest}`;
}

/** How each host is reached: its own fields, then those of its connection. */
function hostDescription(request: CompileRequest, session: Session): (name: string) => JsonObject {
  const { inventory, used } = session;
  const reach = new Map<string, { readonly port: number | null; readonly user: string | null }>();
  return (name) => {
    const host = inventory?.hosts.get(name);
    if (host === undefined) return { name };
    const connection = host.connection ?? '';
    const known = reach.get(connection) ?? reachOf(session, connection);
    reach.set(connection, known);
    const user = host.user ?? known.user;
    if (user === null)
      addRootProblem(request, session, {
        code: 'MISSING_USER',
        message: `Cannot plan for the host "${name}": neither it nor its connection has a user`,
        found: name,
      });
    return planHost(host, used, { port: host.port ?? known.port ?? 22, user: user ?? '' });
  };
}

function reachOf(session: Session, connection: string): { readonly port: number | null; readonly user: string | null } {
  const found = connection === '' ? null : session.surroundings.connection(connection);
  const settings = found?.ok === true ? found.value.settings : {};
  const [port, user] = [settings['port'], settings['user']].map((value) =>
    value !== undefined && 'literal' in value ? value.literal : null,
  );
  return { port: typeof port === 'number' ? port : null, user: typeof user === 'string' ? user : null };
}

/** Hosts may be named without an expression that reads the inventory. */
function checkInventory({ inventory, runbook }: CompileRequest, session: Session): void {
  if (inventory === null && session.sets.names().size > 0)
    session.problems.add(missingInventory(documentKey(runbook.file, runbook.digest)));
}

function checkLimit(request: CompileRequest, session: Session): void {
  // Targets that have a problem of their own are not there to be limited.
  if (session.problems.list.length > 0) return;
  const targeted = session.sets.names();
  for (const name of request.limit ?? []) {
    if (!targeted.has(name))
      addRootProblem(request, session, {
        code: 'LIMIT_UNMATCHED',
        message: `Cannot limit the run to "${name}": it is none of its targets`,
        found: name,
        accepted: [...targeted].slice(0, 50),
      });
  }
}

function addRootProblem(
  request: CompileRequest,
  session: Session,
  problem: Pick<CompileProblem, 'code' | 'message' | 'found' | 'accepted'>,
): void {
  session.problems.add({
    ...problem,
    document: documentKey(request.runbook.file, request.runbook.digest),
    path: ['spec'],
  });
}

function notesOf(request: CompileRequest): readonly string[] {
  return request.limit === undefined
    ? []
    : [`Limited to ${request.limit.length} hosts: ${request.limit.slice(0, 10).join(', ')}`];
}

function located(request: CompileRequest, problems: readonly CompileProblem[]): readonly Problem[] {
  const documents = new Map<string, LoadedDocument>();
  for (const document of [request.runbook, ...request.documents.flat()])
    documents.set(documentKey(document.file, document.digest), document);
  return sortProblems(problems.map((problem) => locate(problem, documents.get(problem.document) ?? request.runbook)));
}

function locate(problem: CompileProblem, document: LoadedDocument): Problem {
  const { code, message, path, found, accepted = [] } = problem;
  return {
    code,
    file: document.file,
    ...document.positionOf(path),
    path: pathText(path),
    message,
    found: found ?? null,
    accepted,
    nearest: found === undefined ? null : nearestWord(found, accepted),
    hint: hintOf(code),
  };
}
