import type { UseMutationResult } from '@tanstack/react-query';
import { useMutation } from '@tanstack/react-query';

import { sendApi } from '../../api';
import type { ApiProblem } from '../../api';
import type { DefinitionView, PreviewedPlan } from '../../answers';
import type { StartRequest } from './start-request';

/** The plan of what the form says, or what is wrong with it; nothing is kept by it. */
export function usePreview(view: DefinitionView): UseMutationResult<PreviewedPlan, ApiProblem, StartRequest> {
  return useMutation<PreviewedPlan, ApiProblem, StartRequest>({
    mutationFn: ({ body: { inputs, inventory, limit } }) =>
      sendApi(
        'POST /definitions/preview',
        {},
        {
          sources: [{ name: `${view.name}.yaml`, text: view.text, files: view.files }],
          inputs,
          ...(inventory === undefined ? {} : { inventory }),
          ...(limit === undefined ? {} : { limit }),
        },
      ),
  });
}
