import { addressed } from './request';

/** What is known of whoever is signed in stands under this. */
export const mePath = addressed('GET /me', {}).path;
