/** Holders of licences. */
export type { HolderType } from './rows.ts';
