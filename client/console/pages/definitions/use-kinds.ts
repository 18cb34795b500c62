import { useRead } from '../../use-api';

interface CombinedSchema {
  readonly $defs: { readonly [kind: string]: unknown };
}

/** Every kind of definition that there is. */
export function useKinds(): readonly string[] {
  const query = useRead<CombinedSchema>('/schemas/all');
  return Object.keys(query.data?.$defs ?? {}).toSorted();
}
