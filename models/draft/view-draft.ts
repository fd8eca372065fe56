import { addDays, toShanghaiDate } from '../kernel/clock.ts';
import type { DraftColumns } from './rows.ts';

/** Days after which a draft that nobody saved again is thrown away. */
export const DRAFT_DAYS = 30;

export interface DraftView {
  readonly draftId: string;
  readonly catalogueCode: string;
  readonly catalogueVersion: number;
  readonly createdAt: string;
  readonly updatedAt: string;
  /** The first day on which it may be gone, YYYY-MM-DD. */
  readonly keptUntil: string;
}

export function viewDraft({ id, catalogueCode, catalogueVersion, createdAt, updatedAt }: DraftColumns): DraftView {
  return {
    ...{ draftId: id, catalogueCode, catalogueVersion },
    ...{ createdAt: createdAt.toISOString(), updatedAt: updatedAt.toISOString() },
    keptUntil: addDays(toShanghaiDate(updatedAt), DRAFT_DAYS),
  };
}
