/** How much of a declared batch has arrived: licences of its case that were not returned or taken back. */
import { z } from 'zod';
import { requireOrganisation, requireRole } from '../account/require-role.ts';
import { logAccess } from '../audit/append-audit.ts';
import type { Caller, House } from '../house.ts';
import { Fault } from '../kernel/fault.ts';
import type { Tx } from '../store/with-transaction.ts';
import { countInFull } from './count-standing.ts';
import { findClocks } from './find-clocks.ts';
import { type CaseColumns, STANDS } from './rows.ts';

export interface BatchCount {
  readonly declared: number;
  readonly arrived: number;
  readonly missing: number;
}

export interface CaseCount {
  readonly caseNumber: string;
  readonly catalogueCode: string;
  readonly mode: CaseColumns['mode'];
  readonly closedAt: string;
  readonly dueAt: string | null;
  /** Null where no size was declared. */
  readonly batch: BatchCount | null;
}

export const caseQuery = z.strictObject({
  caseNumber: z.string().min(1).max(64),
  catalogueCode: z.string().length(21),
});

/** A case of one's own body. Throws `NOT_FOUND`. */
export async function countCase(
  house: House,
  caller: Caller,
  { caseNumber, catalogueCode }: z.infer<typeof caseQuery>,
): Promise<CaseCount> {
  requireRole(caller, 'issuer.clerk', 'issuer.reviewer');
  const where = { issuingBody: requireOrganisation(caller), caseNumber, catalogueCode, ...STANDS };
  const row = await house.db.rows.cases.findOne({ where });
  await logAccess(house, caller, { act: 'deadline.list', caseNumber, outcome: row ? 'done' : 'refused' });
  if (!row) throw new Fault('NOT_FOUND');
  return viewCount(house, row.get());
}

export async function viewCount(
  house: House,
  { id, caseNumber, catalogueCode, mode, closedAt, batchSize }: CaseColumns,
  tx?: Tx,
): Promise<CaseCount> {
  const clock = (await findClocks(house, [id], tx)).get(id);
  const arrived = batchSize === null ? 0 : ((await countInFull(house, [id], tx)).get(id) ?? 0);
  return {
    ...{ caseNumber, catalogueCode, mode, closedAt: closedAt.toISOString(), dueAt: clock?.dueAt.toISOString() ?? null },
    batch: batchSize === null ? null : { declared: batchSize, arrived, missing: Math.max(0, batchSize - arrived) },
  };
}
