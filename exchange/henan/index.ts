/** The door of Henan's tables for those who stand on their other side. */
export { type FrontEndConnection, openFrontEnd } from '../front-end/connection.ts';
export { henanProfile } from './front-end/henan-profile.ts';
export type { PhysicalRow } from './front-end/henan-row.ts';
export { markMoved } from './front-end/mark-moved.ts';
export { readLarge } from './front-end/read-physical.ts';
export { readWaiting } from './read-waiting.ts';
