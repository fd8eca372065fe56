/** Bring before the bureau what an issuer has not answered, or not corrected, in time: once each, whenever the clock comes to it. */
import { Op, QueryTypes } from 'sequelize';
import type { Caller, House } from '../house.ts';
import { readRows } from '../store/bulk-read.ts';
import { instantText } from '../store/bulk-values.ts';
import { type Tx, withTransaction } from '../store/with-transaction.ts';
import { UNCORRECTED_STATES } from './objection-words.ts';
import { type Awaited, MARKS, recordEscalations } from './record-escalations.ts';

const PORTION = 200;

/** By what is awaited: its clock, its subject and its mark among the objection's columns. */
const CLOCKS = {
  answer: { kind: 'objection', subject: 'id', mark: 'escalated_at' },
  correction: { kind: 'correction', subject: 'correction_id', mark: 'correction_escalated_at' },
} as const;

/** How many. Ran late or twice, it does the same. */
export async function escalateObjections(house: House, caller: Caller): Promise<number> {
  let escalated = 0;
  for (const awaited of ['answer', 'correction'] as const) {
    for (let more = true; more; ) {
      const done = await withTransaction(house.db, (tx) => escalatePortion(house, tx, caller, awaited));
      escalated += done;
      more = done === PORTION;
    }
  }
  return escalated;
}

async function escalatePortion(house: House, tx: Tx, caller: Caller, awaited: Awaited): Promise<number> {
  const ids = await findOverdue(house, tx, awaited);
  if (ids.length === 0) return 0;
  const found = await readRows(house.db.rows.objections, {
    ...{ where: { id: { [Op.in]: ids } }, order: [['id', 'ASC']], tx, lock: true, by: 'PRIMARY' },
  });
  const states: readonly string[] = awaited === 'answer' ? ['filed'] : UNCORRECTED_STATES;
  // Whoever was quicker has answered, or brought it before the bureau.
  const rows = found.filter((row) => row[MARKS[awaited]] === null && states.includes(row.state));
  await recordEscalations(house, tx, caller, rows, awaited);
  return rows.length;
}

/** By way of the due times, of which there are few. */
async function findOverdue(house: House, tx: Tx, awaited: Awaited): Promise<string[]> {
  const { kind, subject, mark } = CLOCKS[awaited];
  const found = await house.db.sequelize.query<{ id: string }>(
    `SELECT objections.id AS id FROM due_times
     JOIN deadlines ON deadlines.due_time = due_times.id AND deadlines.met_at IS NULL AND deadlines.kind = :kind
     JOIN objections ON objections.${subject} = deadlines.subject_id AND objections.${mark} IS NULL
     WHERE due_times.due_at < :now ORDER BY due_times.due_at, objections.id LIMIT :limit`,
    {
      replacements: { kind, now: instantText(house.clock(), house.db.dialect), limit: PORTION },
      ...{ type: QueryTypes.SELECT, transaction: tx },
    },
  );
  return found.map(({ id }) => id);
}
