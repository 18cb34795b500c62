import { parseAllDocuments } from 'yaml';

import { declaredIn } from './schema-rules';
import type { Declared } from './form-model';

/** What a published runbook asks whoever starts it, from its own text. */
export function declaredInputs(text: string, name: string): Declared {
  for (const document of parseAllDocuments(text)) {
    const value: unknown = document.toJS();
    if (field(value, 'kind') === 'Runbook' && field(field(value, 'metadata'), 'name') === name)
      return declaredIn(field(field(value, 'spec'), 'inputs'));
  }
  return {};
}

/** The inventory that the runbook names itself; null: whoever starts it says which. */
export function ownInventory(text: string): string | null {
  for (const document of parseAllDocuments(text)) {
    const inventory = field(field(document.toJS(), 'spec'), 'inventory');
    if (typeof inventory === 'string') return inventory;
  }
  return null;
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Object.getOwnPropertyDescriptor(value, name)?.value : undefined;
}
