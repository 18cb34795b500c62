import { useQueries } from '@tanstack/react-query';

import { readApi } from '../../api';
import { addressed } from '../../request';

interface WithFiles {
  readonly kind: string;
  readonly name: string;
  readonly files: { readonly [file: string]: string };
}

const route = 'GET /blobs/:digest';

/** What lies beside a published definition, in base64: it is published again with it. Null: not all of it is there yet. */
export function useFiles(definition: WithFiles | undefined): { readonly [file: string]: string } | null {
  const { kind, name: of, files = {} } = definition ?? {};
  const names = Object.entries(files);
  const blobs = useQueries({
    queries: names.map(([, digest]) => {
      const address = { params: { digest }, filters: { kind, name: of } };
      return {
        queryKey: [addressed(route, address).path],
        queryFn: () => readApi(route, address),
        // Bytes that are named by their digest are never others.
        staleTime: Number.POSITIVE_INFINITY,
      };
    }),
  });
  const read = names.flatMap(([name], index) => {
    const data = blobs[index]?.data;
    return data === undefined ? [] : [[name, data.base64] as const];
  });
  return read.length === names.length ? Object.fromEntries(read) : null;
}
