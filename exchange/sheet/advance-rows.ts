/** Last part of an import: scans are attached, and what the issuer's signed rule covers is reviewed by it and, where the entry lets
 *  the repository seal, sealed. Everything else waits for a person, as any submission does. */
import { type House, houseCaller } from '../../models/house.ts';
import { endOf, findOpenRows, type ImportColumns, keepStep } from '../../models/import/index.ts';
import { hasReviewRule } from '../../models/licence/index.ts';
import { withTransaction } from '../../models/store/index.ts';
import { advanceLicence } from '../front-end/advance-licence.ts';
import { takeScans } from './take-scans.ts';

const ROWS_A_STEP = 20;
const AGAIN_AFTER_MS = 2 * 60_000;
/** What could not be sealed by then waits for a person. */
const TRIED_FOR_MS = 3 * 86_400_000;

interface Step {
  readonly next: ImportColumns;
  readonly runAt?: Date;
}

export async function advanceRows(house: House, work: ImportColumns): Promise<Step> {
  if (await takeScans(house, work)) return { next: await keep(house, work, {}) };
  const { catalogueCode, issuingBody } = work;
  if (!(await hasReviewRule(house, { catalogueCode, issuingBody, source: 'sheet' }))) return finish(house, work);
  const rows = await findOpenRows(house, work, ROWS_A_STEP);
  const caller = houseCaller(`import-${work.id}`, issuingBody);
  for (const { licenceId } of rows) {
    await advanceLicence(house, caller, licenceId).catch((error: unknown) => {
      house.log.warn({ importId: work.id, licenceId, error }, 'an imported licence could not go on now');
    });
  }
  const last = rows.at(-1);
  if (last) return { next: await keep(house, work, { advancedRow: last.sheetRow }) };
  const from = await keep(house, work, { advancedRow: 0 });
  // Through once: what is left is tried again after a while.
  const left = work.advancedRow === 0 ? [] : await findOpenRows(house, from, ROWS_A_STEP);
  const now = house.clock().getTime();
  if (left.length === 0 || now > work.createdAt.getTime() + TRIED_FOR_MS) return finish(house, from);
  return { next: from, runAt: new Date(now + AGAIN_AFTER_MS) };
}

const keep = (house: House, work: ImportColumns, changes: Partial<ImportColumns>) =>
  withTransaction(house.db, (tx) => keepStep(house, tx, work, changes));

async function finish(house: House, work: ImportColumns): Promise<Step> {
  return { next: await keep(house, work, { state: 'done', ...endOf(house) }) };
}
