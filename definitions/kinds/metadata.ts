import { z } from 'zod';

import { Name, Principal, Version } from '../../workflows/runbook/fields/schema';

/** Who and what a document is. Only runbooks must say a version; the others are `0.0.0` until they are published. */
export const Metadata = z.strictObject({
  name: Name,
  version: Version.exactOptional(),
  title: z.string().exactOptional(),
  description: z.string().exactOptional(),
  owner: Principal.exactOptional(),
  labels: z.record(z.string(), z.string()).exactOptional(),
});
export type Metadata = z.infer<typeof Metadata>;

export const RunbookMetadata = z.strictObject({ ...Metadata.shape, version: Version });
export type RunbookMetadata = z.infer<typeof RunbookMetadata>;
