/** Prepare a granted delivery step by step: as of one moment, a portion of licences a step, then the package. Each step is kept by
 *  itself and goes on where the last one was kept, whoever takes it; nothing is written twice. */
import { Op } from 'sequelize';
import { appendAudit } from '../audit/append-audit.ts';
import type { FieldDefinition } from '../catalogue/definition.ts';
import { findNewestEntry } from '../catalogue/find-entry.ts';
import { type House, houseCaller } from '../house.ts';
import type { FaultCode } from '../kernel/fault-codes.ts';
import { readRows } from '../store/bulk-read.ts';
import { type Tx, withTransaction } from '../store/with-transaction.ts';
import { SECRET_CONTEXT } from './apply-for-analysis.ts';
import { columnsOf, composeLines, headingLine } from './compose-lines.ts';
import { readPortion } from './find-within.ts';
import { type GrantMarks, grantMarks } from './marks.ts';
import { changeAnalysis, lockAnalysis, tellOfAnalysis, withMove } from './move-analysis.ts';
import { packDelivery } from './pack-delivery.ts';
import { putLines } from './parts.ts';
import { personalFieldsOf } from './personal-fields.ts';
import type { AnalysisColumns } from './rows.ts';
import type { AnalysisTerms, AnalysisType } from './terms.ts';

const PORTION = 1000;
const AT_ONCE = 100;

/** Deliveries that are due, the oldest first. */
export async function findDueDeliveries(house: House): Promise<readonly string[]> {
  const rows = await readRows(house.db.rows.analyses, {
    where: { state: { [Op.in]: ['granted', 'preparing'] as const }, startsAt: { [Op.lte]: house.clock() } },
    order: [
      ['startsAt', 'ASC'],
      ['id', 'ASC'],
    ],
    limit: AT_ONCE,
    attributes: ['number'],
  });
  return rows.map(({ number }) => number);
}

/** One step of a delivery. @returns false when nothing is left to do */
export async function prepareStep(house: House, number: string, portion = PORTION): Promise<boolean> {
  const row = (await house.db.rows.analyses.findOne({ where: { number } }))?.get();
  if (!row?.granted || (row.state !== 'granted' && row.state !== 'preparing')) return false;
  if (row.state === 'granted') await begin(house, row);
  else if (row.nextType < row.granted.types.length) await prepareLines(house, row, row.granted, portion);
  else await packDelivery(house, row, row.granted);
  return true;
}

export function marksOf(
  house: House,
  { markIndex, secret }: Pick<AnalysisColumns, 'markIndex' | 'secret'>,
): GrantMarks {
  return grantMarks(house, markIndex, Buffer.from(house.cipher.decrypt(SECRET_CONTEXT, secret), 'base64'));
}

async function begin(house: House, { number }: AnalysisColumns): Promise<void> {
  await withTransaction(house.db, async (tx) => {
    const row = await lockAnalysis(house, tx, number);
    if (row.state !== 'granted') return;
    const moment = house.clock();
    const rowCounts = (row.granted?.types ?? []).map(() => 0);
    const move = withMove(row, houseCaller(number), 'preparing', moment);
    await changeAnalysis(house, tx, row, { ...move, moment, rowCounts });
  });
}

async function prepareLines(house: House, row: AnalysisColumns, terms: AnalysisTerms, limit: number): Promise<void> {
  const type = terms.types[row.nextType];
  if (!type || !row.moment) return;
  const { moment, afterId: after } = row;
  const portion = await readPortion(house, type, terms.filter, { moment, after, limit });
  const definition = (await findNewestEntry(house, type.catalogueCode))?.definition ?? { fields: [] };
  const marked = personalFieldsOf(definition);
  const context = { type, personal: terms.personal, marks: marksOf(house, row), marked };
  const heading = after === '' ? headingOf(type, definition.fields) : '';
  const text = heading + (await composeLines(house, context, portion.licences));
  const rowCounts = row.rowCounts.map((count, at) => (at === row.nextType ? count + portion.licences.length : count));
  await withTransaction(house.db, async (tx) => {
    const now = await lockAnalysis(house, tx, row.number);
    // Somebody else has taken this step, or the grant was taken back.
    if (now.state !== 'preparing' || now.nextPart !== row.nextPart) return;
    const rows = rowCounts.reduce((sum, count) => sum + count, 0);
    if (rows > terms.mostRows) return failAnalysis(house, tx, now, 'ANALYSIS_TOO_MANY_ROWS');
    await putLines(house, tx, row.id, row.nextPart, { type: row.nextType, text });
    const next = portion.next === undefined ? { nextType: row.nextType + 1, afterId: '' } : { afterId: portion.next };
    await changeAnalysis(house, tx, now, { ...next, rowCounts, nextPart: row.nextPart + 1 });
  });
}

function headingOf(type: AnalysisType, fields: readonly FieldDefinition[]): string {
  return headingLine(columnsOf(type, fields).map(({ heading }) => heading));
}

async function failAnalysis(house: House, tx: Tx, row: AnalysisColumns, code: FaultCode): Promise<void> {
  const caller = houseCaller(row.number);
  const move = withMove(row, caller, 'failed', house.clock(), code);
  const failed = await changeAnalysis(house, tx, row, { ...move, failure: { code }, rowCounts: [] });
  await tellOfAnalysis(house, tx, 'analysis.failed', failed);
  const details = { number: row.number, code };
  await appendAudit(house, tx, caller, { act: 'analysis.prepare', outcome: 'failed', details });
}
