export const mePath = '/me';
