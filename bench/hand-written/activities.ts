export interface HandWrittenActivities {
  echo(input: { readonly value: number }): Promise<{ readonly value: number }>;
}

export const activities: HandWrittenActivities = {
  echo: (input) => Promise.resolve({ value: input.value }),
};
