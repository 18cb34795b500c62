import type { infer as Infer } from 'zod';

import type * as change from '../../../api/change-schema';

export type ChangeView = Infer<typeof change.ChangeView>;
export type ChangePreview = Infer<typeof change.ChangePreview>;
export type ActedOn = Infer<typeof change.ActedOn>;
export type ChangeModels = Infer<typeof change.ChangeModelList>;
export type ChangeModel = ChangeModels['models'][number];
