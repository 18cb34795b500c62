import { catalogue } from '../../activities/index';
import { compile } from '../../definitions/compile';
import type { CompileResult } from '../../definitions/compile';
import type { LoadedDocument } from '../../definitions/document';
import { resolveInventory } from '../../definitions/inventory';
import type { ResolvedInventory } from '../../definitions/inventory';
import { loadText } from '../../definitions/load';
import type { JsonObject } from '../../workflows/domain/json';
import type { Plan, PlanHost } from '../../workflows/runbook/plan';

export interface CompileText {
  /** Documents in one text; the first runbook is compiled, the first inventory is used. */
  readonly text: string;
  readonly inputs?: JsonObject;
  readonly limit?: readonly string[];
  readonly files?: { readonly [name: string]: string };
}

export async function compileText({ text, inputs = {}, limit, files = {} }: CompileText): Promise<CompileResult> {
  const documents = load(text);
  const [runbook] = documents.filter((document) => document.kind === 'Runbook');
  if (runbook === undefined) throw new Error('Cannot compile: the text holds no runbook');
  return compile({
    runbook,
    documents: [documents],
    inventory: await inventoryOf(documents),
    inputs,
    catalogue,
    ...(limit === undefined ? {} : { limit }),
    files: (_document, name) =>
      files[name] === undefined
        ? { ok: false, code: 'FILE_UNREADABLE', message: 'There is no such file' }
        : { ok: true, value: Buffer.from(files[name]) },
  });
}

export async function planText(
  request: CompileText,
): Promise<{ readonly plan: Plan; readonly blobs: ReadonlyMap<string, Uint8Array> }> {
  const result = await compileText(request);
  if (!result.ok)
    throw new Error(
      `Cannot compile: ${result.problems.map((problem) => `${problem.path} ${problem.code} ${problem.message}`).join('\n')}`,
    );
  return result;
}

/** `code path` of each problem. */
export async function problemsOf(request: CompileText): Promise<readonly string[]> {
  const result = await compileText(request);
  return result.ok ? [] : result.problems.map((problem) => `${problem.code} ${problem.path}`);
}

export function hostsOf(
  { plan, blobs }: { readonly plan: Plan; readonly blobs: ReadonlyMap<string, Uint8Array> },
  set: string,
): readonly PlanHost[] {
  return (plan.targetSets[set]?.shards ?? []).flatMap((digest) => {
    const shard: { hosts: PlanHost[] } = JSON.parse(Buffer.from(blobs.get(digest) ?? '{"hosts":[]}').toString());
    return shard.hosts;
  });
}

export function load(text: string): readonly LoadedDocument[] {
  const loaded = loadText('test.yaml', text);
  if (loaded.problems.length > 0) throw new Error(`Cannot load: ${JSON.stringify(loaded.problems)}`);
  return loaded.documents;
}

async function inventoryOf(documents: readonly LoadedDocument[]): Promise<ResolvedInventory | null> {
  const [inventory] = documents.filter((document) => document.kind === 'Inventory');
  if (inventory === undefined) return null;
  const resolved = await resolveInventory(inventory);
  if (!resolved.ok) throw new Error(`Cannot resolve: ${JSON.stringify(resolved.problems)}`);
  return resolved.inventory;
}

export const inventoryText = `apiVersion: mainstay/v1
kind: Inventory
metadata: { name: hosts }
spec:
  hosts:
    - { name: web1, address: 10.0.0.1, user: ops, labels: { role: web, rack: a }, vars: { weight: 1 } }
    - { name: web2, address: 10.0.0.2, user: ops, port: 2222, labels: { role: web, rack: b } }
    - { name: web3, address: 10.0.0.3, user: ops, labels: { role: web, rack: a } }
    - { name: lb1, address: 10.0.0.9, user: ops, labels: { role: lb, rack: a } }
    - { name: lb2, address: 10.0.0.8, user: ops, labels: { role: lb, rack: b } }
`;

/** A runbook from its `spec`, with the inventory above and a policy. */
export function runbook(spec: string, name = 'test'): string {
  const indented = spec
    .trim()
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n');
  return `apiVersion: mainstay/v1
kind: Runbook
metadata: { name: ${name}, version: 1.0.0, title: A test, owner: team/web }
spec:
${indented}
`;
}

export const policyText = `apiVersion: mainstay/v1
kind: ApprovalPolicy
metadata: { name: two-of-web }
spec: { approvers: [team/web], min: 2 }
`;

export function withInventory(spec: string): string {
  return [runbook(spec), inventoryText, policyText].join('---\n');
}
