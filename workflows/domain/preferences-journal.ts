import type { NoticePreferences } from './notice-delivery';

export interface PreferencePayloads {
  /** What somebody wants to be told from now on; in the stream `system`. */
  'preferences.set': { readonly person: string; readonly preferences: NoticePreferences };
}
