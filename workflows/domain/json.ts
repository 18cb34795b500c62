/** A value that survives JSON unchanged. Everything that crosses a boundary is one of these. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

export interface JsonObject {
  readonly [key: string]: Json;
}
