import { useWhole } from './use-api';

/** Names of everything of a kind that is published. */
export function useNames(kind: string): readonly string[] {
  const { data } = useWhole('GET /definitions', { query: { kind } });
  const definitions = (data?.pages ?? []).flatMap((page) => page.definitions);
  return [...new Set(definitions.map(({ name }) => name))];
}
