import type { Role } from '../../../workflows/domain/authorization';

/** A grant as it is shown. */
export interface ShownGrant {
  readonly role: Role;
  readonly where: { readonly [label: string]: readonly string[] } | null;
}
