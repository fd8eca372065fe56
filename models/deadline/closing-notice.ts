/** What a closing notice (办结通知) says, and whether it may. */
import { Op } from 'sequelize';
import { z } from 'zod';
import { findNewestEntry } from '../catalogue/find-entry.ts';
import type { House } from '../house.ts';
import { toShanghaiDate } from '../kernel/clock.ts';
import { judgeClosingTime } from '../kernel/closing-time.ts';
import type { PointedFault } from '../kernel/fault.ts';
import { writtenText } from '../kernel/written-text.ts';
import { readRows } from '../store/bulk-read.ts';
import { keyOf } from './meet-cases.ts';
import { STANDS } from './rows.ts';

export const closingNoticeSchema = z.strictObject({
  caseNumber: writtenText(64),
  catalogueCode: z.string().length(21),
  mode: z.enum(['online', 'offline', 'batch']),
  /** Required when offline (M-11): no online means, or off the government network. */
  offlineReason: writtenText(500).optional(),
  /** Licences of a declared batch. */
  batchSize: z.int().min(1).max(1_000_000).optional(),
  closedAt: z.iso.datetime({ offset: true }),
});
export type ClosingNotice = z.infer<typeof closingNoticeSchema>;

/** The faults of each, in their order; entries and batches are looked up once. @param declaredAt when they were given */
export async function judgeNotices(
  house: House,
  issuingBody: string,
  notices: readonly ClosingNotice[],
  declaredAt: Date,
): Promise<PointedFault[][]> {
  const bodies = new Map<string, string | undefined>();
  for (const code of new Set(notices.map(({ catalogueCode }) => catalogueCode)))
    bodies.set(code, (await findNewestEntry(house, code))?.issuingBody);
  const declared = await findDeclared(house, issuingBody, notices);
  return notices.map((notice) => {
    const faults: PointedFault[] = [];
    const body = bodies.get(notice.catalogueCode);
    if (body === undefined) faults.push({ pointer: '/catalogueCode', code: 'CATALOGUE_UNKNOWN' });
    else if (body !== issuingBody) faults.push({ pointer: '/catalogueCode', code: 'FOREIGN_ISSUER' });
    if (notice.mode === 'offline' && !notice.offlineReason)
      faults.push({ pointer: '/offlineReason', code: 'FIELD_REQUIRED' });
    const wrong = judgeClosingTime(notice.closedAt, house.clock());
    if (wrong) faults.push({ pointer: '/closedAt', code: wrong });
    const isNew = !declared.has(keyOf({ issuingBody, ...notice }));
    if (notice.mode === 'batch' && isNew) faults.push(...judgeBatch(house, notice, declaredAt));
    return faults;
  });
}

/** Batches whose cases are known already are not judged again. */
async function findDeclared(
  house: House,
  issuingBody: string,
  notices: readonly ClosingNotice[],
): Promise<ReadonlySet<string>> {
  const batches = notices.filter(({ mode }) => mode === 'batch');
  if (batches.length === 0) return new Set();
  const caseNumber = { [Op.in]: batches.map((one) => one.caseNumber) };
  const catalogueCode = { [Op.in]: [...new Set(batches.map((one) => one.catalogueCode))] };
  const known = await readRows(house.db.rows.cases, { where: { issuingBody, caseNumber, catalogueCode, ...STANDS } });
  return new Set(known.map(keyOf));
}

/** A batch is declared no later than on the day it is closed, with its size. */
function judgeBatch(house: House, { closedAt, batchSize }: ClosingNotice, declaredAt: Date): PointedFault[] {
  const faults: PointedFault[] = [];
  const least = house.leastBatchRows ?? 1;
  if (batchSize === undefined && least > 1) faults.push({ pointer: '/batchSize', code: 'FIELD_REQUIRED' });
  else if ((batchSize ?? least) < least)
    faults.push({ pointer: '/batchSize', code: 'BATCH_TOO_SMALL', detail: `≥ ${least}` });
  const closed = toShanghaiDate(new Date(closedAt));
  if (toShanghaiDate(declaredAt) > closed)
    faults.push({ pointer: '/closedAt', code: 'BATCH_DECLARED_LATE', detail: closed });
  return faults;
}
