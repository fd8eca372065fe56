/** What is kept of licences that came back from the province (省级回传, R-06): where we are, what was taken and what was not. */
import { Op } from 'sequelize';
import { appendAudit } from '../audit/append-audit.ts';
import type { Caller, House } from '../house.ts';
import { Fault } from '../kernel/fault.ts';
import { readRows } from '../store/bulk-read.ts';
import { putRows } from '../store/bulk-write.ts';
import type { Tx } from '../store/with-transaction.ts';
import type { ProvinceReturnColumns } from './province-rows.ts';

export async function findCursor(house: House, name: string): Promise<string | null> {
  return (await house.db.rows.provinceCursors.findByPk(name))?.position ?? null;
}

/** Kept together with what was read up to there. */
export async function keepCursor(house: House, tx: Tx, name: string, position: string): Promise<void> {
  const row = { name, position, updatedAt: house.clock() };
  await putRows(house.db, tx, house.db.rows.provinceCursors, 'name', [row]);
}

export async function findReturns(
  house: House,
  identifiers: readonly string[],
): Promise<Map<string, ProvinceReturnColumns>> {
  const rows = await readRows(house.db.rows.provinceReturns, { where: { id: { [Op.in]: [...identifiers] } } });
  return new Map(rows.map((row) => [row.id, row]));
}

export async function noteReturns(house: House, tx: Tx, rows: readonly ProvinceReturnColumns[]): Promise<void> {
  await putRows(house.db, tx, house.db.rows.provinceReturns, 'id', rows);
}

const HELD_REST_MS = 15 * 60_000;

/** Of a page that was read for the first time: is there nothing known of it, at this sequence or a later one? */
export function isNewReturn(known: ProvinceReturnColumns | undefined, sequence: number): boolean {
  return !known || known.sequence < sequence;
}

/** Of a page that was read again: is it to be looked at again now? What was decided on is not decided again, unless somebody asks
 *  for it; what is not known is nobody's wish yet. */
export function isDueReturn(house: House, known: ProvinceReturnColumns | undefined, sequence: number): boolean {
  if (!known || known.sequence > sequence) return false;
  return known.state === 'again' || (known.state === 'held' && known.updatedAt <= restBefore(house));
}

const restBefore = (house: House) => new Date(house.clock().getTime() - HELD_REST_MS);

/** Pages to be read once more: first where somebody wants it, then where something was held a quarter of an hour ago, the longest
 *  waiting first. */
export async function findPagesAgain(house: House, limit: number): Promise<(string | null)[]> {
  const where = {
    [Op.or]: [{ state: 'again' as const }, { state: 'held' as const, updatedAt: { [Op.lte]: restBefore(house) } }],
  };
  const order: [string, string][] = [
    ['state', 'ASC'],
    ['updatedAt', 'ASC'],
    ['id', 'ASC'],
  ];
  const rows = await readRows(house.db.rows.provinceReturns, { where, order, limit });
  return [...new Set(rows.map(({ pageCursor }) => pageCursor))];
}

/** Of a page that was read once more, what was wanted of it and is not on it: waiting longer brings nothing. */
export async function noteNotReturned(
  house: House,
  tx: Tx,
  pageCursor: string | null,
  returned: readonly string[],
): Promise<void> {
  const others = returned.length > 0 ? { id: { [Op.notIn]: [...returned] } } : {};
  const where = { pageCursor, state: { [Op.in]: ['again', 'held'] }, ...others };
  const gone = { state: 'refused' as const, cause: 'NOT_RETURNED_ANY_MORE', updatedAt: house.clock() };
  await house.db.rows.provinceReturns.update(gone, { where, transaction: tx });
}

/** A page could not be read once more: what was wanted of it waits its quarter of an hour, and others come first. */
export async function noteNotToBeHad(house: House, tx: Tx, pageCursor: string | null, cause: string): Promise<void> {
  const where = { pageCursor, state: { [Op.in]: ['again', 'held'] } };
  const held = { state: 'held' as const, cause, updatedAt: house.clock() };
  await house.db.rows.provinceReturns.update(held, { where, transaction: tx });
}

/** Refused, or held for now. */
export async function listRefusedReturns(
  house: House,
  after: string,
  issuingBody: string | undefined,
  limit: number,
): Promise<ProvinceReturnColumns[]> {
  const body = issuingBody === undefined ? {} : { issuingBody };
  const where = { state: { [Op.in]: ['refused', 'held'] }, id: { [Op.gt]: after }, ...body };
  return readRows(house.db.rows.provinceReturns, { where, order: [['id', 'ASC']], limit });
}

/** Throws `NOT_FOUND`, `STATE_CONFLICT`. */
export async function replayReturn(house: House, tx: Tx, caller: Caller, identifier: string): Promise<void> {
  const row = await house.db.rows.provinceReturns.findByPk(identifier, { transaction: tx, lock: true });
  if (!row) throw new Fault('NOT_FOUND');
  if (row.state !== 'refused' && row.state !== 'held') throw new Fault('STATE_CONFLICT', { detail: row.state });
  await row.update({ state: 'again', updatedAt: house.clock() }, { transaction: tx });
  const details = { subject: `return:${identifier}`, sequence: row.sequence };
  await appendAudit(house, tx, caller, { act: 'exchange.replay', details });
}
