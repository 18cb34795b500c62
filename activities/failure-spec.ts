/** What a failure code means: whether the same operation may succeed when it is tried again, and what an operator can do. */
export interface FailureSpec {
  readonly retry: boolean;
  readonly hint: string;
}
