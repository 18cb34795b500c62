/** Hosts in one content-addressed shard of a target set; the last shard may hold fewer. */
export const shardSize = 100;

/** Where the host of an index stands. */
export function shardPosition(index: number): { readonly shard: number; readonly offset: number } {
  return { shard: Math.floor(index / shardSize), offset: index % shardSize };
}
