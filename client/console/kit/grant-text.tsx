import type { ReactNode } from 'react';

import type { ShownGrant } from './shown-grant';

/** `operator where environment is staging or test`. */
export function GrantText({ grants }: { readonly grants: readonly ShownGrant[] }): ReactNode {
  if (grants.length === 0) return <span className="muted">nothing</span>;
  return (
    <ul className="grants">
      {grants.map(({ role, where }) => (
        <li key={`${role} ${whereText(where)}`}>
          <strong>{role}</strong> {whereText(where)}
        </li>
      ))}
    </ul>
  );
}

function whereText(where: ShownGrant['where']): string {
  if (where === null) return 'everywhere';
  const labels = Object.entries(where).map(([label, values]) => `${label} is ${values.join(' or ')}`);
  return `where ${labels.join(' and ')}`;
}
