/** Objections as they stand in a list. */
import { Op } from 'sequelize';
import { type ClockState, findClocks } from '../deadline/find-clocks.ts';
import type { House } from '../house.ts';
import { readRows } from '../store/bulk-read.ts';
import type { Tx } from '../store/with-transaction.ts';
import type { ObjectionCategory, ObjectionSide, ObjectionState } from './objection-words.ts';
import type { ObjectionColumns } from './rows.ts';

export interface ObjectionSummary {
  readonly number: string;
  readonly state: ObjectionState;
  readonly category: ObjectionCategory;
  /** Of the licence, GB/T 36904. */
  readonly identifier: string;
  readonly catalogueCode: string;
  readonly issuingBody: string;
  readonly filedByType: ObjectionColumns['filedByType'];
  readonly filedAt: string;
  /** When the issuer answers at the latest. */
  readonly dueAt: string;
  /** When the correction is due; null unless it was upheld. */
  readonly correctionDueAt: string | null;
  /** It was brought before the bureau because answer or correction did not come in time. */
  readonly escalated: boolean;
  /** Who of the issuer handles it; null for who objects. */
  readonly handler: { readonly userId: string; readonly name: string } | null;
}

export interface Summarized {
  readonly summary: ObjectionSummary;
  /** Of the answer. */
  readonly clock: ClockState | undefined;
}

/** A constant number of statements, however many there are. */
export async function summarizeObjections(
  house: House,
  rows: readonly ObjectionColumns[],
  side: ObjectionSide,
  tx?: Tx,
): Promise<Summarized[]> {
  if (rows.length === 0) return [];
  const { licences, users } = house.db.rows;
  const subjects = rows.flatMap(({ id, correctionId }) => (correctionId ? [id, correctionId] : [id]));
  const clocks = await findClocks(house, subjects, tx);
  const found = await readRows(licences, {
    where: { id: { [Op.in]: rows.map(({ licenceId }) => licenceId) } },
    attributes: ['id', 'identifier', 'catalogueCode'],
    tx,
  });
  const byId = new Map(found.map((licence) => [licence.id, licence]));
  const handlers = side === 'objector' ? [] : rows.flatMap(({ handler }) => (handler ? [handler] : []));
  const people = await readRows(users, {
    where: { id: { [Op.in]: handlers } },
    attributes: ['id', 'displayName'],
    tx,
  });
  const names = new Map(people.map(({ id, displayName }) => [id, displayName]));
  return rows.map((row) => {
    const { number, state, category, issuingBody, filedByType, filedAt, handler } = row;
    const licence = byId.get(row.licenceId);
    const clock = clocks.get(row.id);
    const name = names.get(handler ?? '');
    const summary = {
      ...{ number, state, category, issuingBody, filedByType, filedAt: filedAt.toISOString() },
      ...{ identifier: licence?.identifier ?? '', catalogueCode: licence?.catalogueCode ?? '' },
      dueAt: clock?.dueAt.toISOString() ?? '',
      correctionDueAt: clocks.get(row.correctionId ?? '')?.dueAt.toISOString() ?? null,
      escalated: row.escalatedAt !== null || row.correctionEscalatedAt !== null,
      handler: handler && name !== undefined ? { userId: handler, name } : null,
    };
    return { summary, clock };
  });
}
