/** Orders whose limit has passed: the clock drafts the circular of criticism (通报批评, M-29), and tells body and bureau. */
import { Op, QueryTypes } from 'sequelize';
import type { Caller, House } from '../house.ts';
import { toChineseDate, toShanghaiDate } from '../kernel/clock.ts';
import { tellRecipients } from '../notice/index.ts';
import { instantText, readInstant } from '../store/bulk-values.ts';
import { putRows } from '../store/bulk-write.ts';
import { type Tx, withTransaction } from '../store/with-transaction.ts';
import { recordStep } from './order-events.ts';
import { nextOrderState } from './order-moves.ts';
import type { CircularColumns, OrderColumns } from './rows.ts';

const MOST_ORDERS = 100;
const DAY_MS = 86_400_000;

/** How many. One that was answered too late has its draft as well, whenever this runs. An order whose draft fails is in the log as an error
 *  and keeps no other from its own. */
export async function draftCirculars(
  house: House,
  caller: Caller,
  goOn: () => boolean,
): Promise<{ readonly drafted: number; readonly failed: number }> {
  let [drafted, failed] = [0, 0];
  for (let after = ''; goOn(); ) {
    const ids = await findUndrafted(house, after);
    for (const id of ids) {
      if (!goOn()) break;
      try {
        if (await draftOne(house, caller, id)) drafted += 1;
      } catch (error) {
        house.log.error({ err: error, orderId: id }, 'a circular could not be drafted');
        failed += 1;
      }
    }
    if (ids.length < MOST_ORDERS) break;
    after = ids.at(-1) ?? '';
  }
  return { drafted, failed };
}

async function draftOne(house: House, caller: Caller, id: string): Promise<boolean> {
  return withTransaction(house.db, async (tx) => {
    const order = (await house.db.rows.orders.findByPk(id, { transaction: tx, lock: true }))?.get();
    const standing = await house.db.rows.circulars.count({ where: { id, state: STANDING }, transaction: tx });
    if (!order || standing > 0 || !nextOrderState(order.state, 'criticise')) return false;
    // Meanwhile it may have been returned with another limit.
    const dueAt = await findPassedLimit(house, tx, order);
    if (!dueAt) return false;
    await draftCircular(house, tx, order, dueAt);
    const details = { dueAt: dueAt.toISOString(), round: order.rounds };
    await recordStep(house, tx, caller, order, { act: 'late', details });
    return true;
  });
}

const STANDING = { [Op.ne]: 'dropped' as const };

const DUE_AT = 'CASE WHEN met_at IS NULL THEN due_times.due_at ELSE deadlines.due_at END';
/** Answered too late, or the limit has passed and it is not answered; then it does not matter how often it was answered before. */
const LATE = `(late = 1 OR (rectification_orders.state <> 'answered' AND ${DUE_AT} < :now))`;
const WITH_CLOCK = `rectification_orders JOIN deadlines ON deadlines.subject_id = rectification_orders.clock_id
       JOIN due_times ON due_times.id = deadlines.due_time`;

async function findUndrafted(house: House, after: string): Promise<string[]> {
  const rows = await house.db.sequelize.query<{ readonly id: string }>(
    `SELECT rectification_orders.id AS id FROM ${WITH_CLOCK}
       LEFT JOIN criticism_circulars ON criticism_circulars.id = rectification_orders.id
         AND criticism_circulars.state <> 'dropped'
     WHERE rectification_orders.state IN ('issued', 'acknowledged', 'returned', 'answered')
       AND rectification_orders.id > :after AND criticism_circulars.id IS NULL AND ${LATE}
     ORDER BY rectification_orders.id LIMIT ${MOST_ORDERS}`,
    { replacements: { after, now: instantText(house.clock(), house.db.dialect) }, type: QueryTypes.SELECT },
  );
  return rows.map(({ id }) => id);
}

/** The limit of an order as it is by the calendar of now, when it has passed unfulfilled; undefined: there is nothing to criticise yet. */
export async function findPassedLimit(house: House, tx: Tx, { id }: OrderColumns): Promise<Date | undefined> {
  const [row] = await house.db.sequelize.query<{ readonly dueAt: unknown }>(
    `SELECT ${DUE_AT} AS dueAt FROM ${WITH_CLOCK} WHERE rectification_orders.id = :id AND ${LATE}`,
    {
      replacements: { id, now: instantText(house.clock(), house.db.dialect) },
      ...{ type: QueryTypes.SELECT, transaction: tx },
    },
  );
  return row ? readInstant(row.dueAt) : undefined;
}

async function draftCircular(house: House, tx: Tx, order: OrderColumns, dueAt: Date): Promise<void> {
  const { id, organisationCode, number, rounds } = order;
  const draft: CircularColumns = {
    ...{ id, number: null, state: 'draft', organisationCode, dueAt, ...describeLateness(house, order, dueAt) },
    ...{ draftedAt: house.clock(), publishedAt: null, publishedBy: null },
  };
  await putRows(house.db, tx, house.db.rows.circulars, 'id', [draft]);
  const facts = { orderId: id, number, organisationCode, dueAt: dueAt.toISOString() };
  const notice = { kind: 'order.late', subjectId: number, stage: `round-${rounds}`, facts } as const;
  await tellRecipients(house, tx, [
    { to: `body:${organisationCode}`, ...notice },
    { to: 'bureau', ...notice },
  ]);
}

/** Names body, order and days late. */
export function describeLateness(
  { clock }: Pick<House, 'clock'>,
  { organisationName, number, demand, issuedAt, legalBasis }: OrderColumns,
  dueAt: Date,
): Pick<CircularColumns, 'daysLate' | 'text'> {
  const daysLate = Math.max(0, Math.ceil((clock().getTime() - dueAt.getTime()) / DAY_MS));
  const day = (instant: Date) => toChineseDate(toShanghaiDate(instant));
  // A limit ends at 24:00: the instant after it is of the next day.
  const lastDay = day(new Date(dueAt.getTime() - 1));
  const late = daysLate > 0 ? `，逾期${daysLate}天` : '';
  const text =
    `${organisationName}未在规定时间内完成整改。${day(issuedAt)}，市大数据局以《${number}》责令其于${lastDay}前改正` +
    `以下事项：${demand}。截至${day(clock())}${late}，整改仍未完成。依据${legalBasis}，现予通报批评。`;
  return { daysLate, text };
}

/** There is nothing to criticise any more, or not yet. */
export async function dropDraft(house: House, tx: Tx, orderId: string): Promise<void> {
  const where = { id: orderId, state: 'draft' as const };
  await house.db.rows.circulars.update({ state: 'dropped' }, { where, transaction: tx });
}
