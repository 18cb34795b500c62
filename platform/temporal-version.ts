/** The one pair that this version of Mainstay is made for: the release of the program and the server inside it. */
export const temporalVersions = { program: '1.8.2', server: '1.31.2' } as const;
