import type { Checkpoint } from '../../../platform/store/checkpoint';

/** What the reader of a file brings along. */
export interface Trust {
  /** PEM; absent: the key that the file itself names. */
  readonly key?: string;
  /** Checkpoints that were kept elsewhere: that of the file must be one of them. */
  readonly checkpoints?: readonly Checkpoint[];
}
