import { createContext } from 'react';

/** Does the live feed stand? While it does not, pages ask again every few seconds. */
export const LiveContext = createContext(false);
