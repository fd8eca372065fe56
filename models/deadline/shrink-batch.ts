/** Fewer licences belong to a batch than were declared, or than its sheets brought: a row that was refused rightly never comes. The bureau
 *  says so with a reason, for a department could hide lateness that way; the clock then stops with the last of so many. */
import { z } from 'zod';
import { requireRole } from '../account/require-role.ts';
import { appendAudit } from '../audit/append-audit.ts';
import type { Caller, House, Remember } from '../house.ts';
import { Fault } from '../kernel/fault.ts';
import { writtenText } from '../kernel/written-text.ts';
import { readRows } from '../store/bulk-read.ts';
import { withTransaction } from '../store/with-transaction.ts';
import { type CaseCount, viewCount } from './count-batch.ts';
import { countAnew } from './count-standing.ts';
import { findPlaced } from './find-placed.ts';
import { STANDS } from './rows.ts';
import { stopAsOf } from './stop-as-of.ts';

export const batchShrinkageSchema = z.strictObject({
  caseNumber: writtenText(64),
  catalogueCode: z.string().length(21),
  /** Whose case it is. */
  organisationCode: z.string().length(18),
  /** How many licences belong to it. */
  batchSize: z.int().min(1).max(10_000_000),
  reason: writtenText(1000),
});

/** Throws `NOT_FOUND`, `CASE_NOT_A_BATCH` also where no size is known yet, `BATCH_NOT_SMALLER`. */
export async function shrinkBatch(
  house: House,
  caller: Caller,
  { organisationCode, caseNumber, catalogueCode, batchSize, reason }: z.infer<typeof batchShrinkageSchema>,
  remember?: Remember<CaseCount>,
): Promise<CaseCount> {
  requireRole(caller, 'bureau.officer');
  const { cases } = house.db.rows;
  return withTransaction(house.db, async (tx) => {
    const where = { issuingBody: organisationCode, caseNumber, catalogueCode, ...STANDS };
    const [row] = await readRows(cases, { where, tx, lock: true, by: 'cases_entry' });
    if (!row) throw new Fault('NOT_FOUND');
    const { id, mode, batchSize: before } = row;
    if (mode !== 'batch' || before === null) throw new Fault('CASE_NOT_A_BATCH');
    if (batchSize >= before) throw new Fault('BATCH_NOT_SMALLER', { detail: `< ${before}` });
    await cases.update({ batchSize }, { where: { id }, transaction: tx });
    const stand = (await countAnew(house, tx, [{ row, change: 0 }])).get(id) ?? 0;
    const last = await findPlaced(house, tx, id, batchSize, stand);
    await stopAsOf(house, tx, id, last?.at ?? null);
    const view = await viewCount(house, { ...row, batchSize }, tx);
    await remember?.(tx, view);
    const details = { issuingBody: organisationCode, catalogueCode, before, batchSize, reason };
    await appendAudit(house, tx, caller, { act: 'case.shrink', caseNumber, details });
    return view;
  });
}
