import { useRead } from '../../use-api';

/** Every kind of definition that there is. */
export function useKinds(): readonly string[] {
  const query = useRead('GET /schemas/:kind', { params: { kind: 'all' } });
  return Object.keys(query.data?.['$defs'] ?? {}).toSorted();
}
