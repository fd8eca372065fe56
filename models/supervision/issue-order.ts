/** Order a body to put right what was found, by a day (责令限期改正, M-29): the order names the body and the persons responsible in it. */
import { Op } from 'sequelize';
import { z } from 'zod';
import { requireRole } from '../account/require-role.ts';
import { openDeadline } from '../deadline/open-deadline.ts';
import type { Caller, House, Remember } from '../house.ts';
import { Fault, type PointedFault, throwFaults } from '../kernel/fault.ts';
import { writtenText } from '../kernel/written-text.ts';
import { tellRecipients } from '../notice/index.ts';
import { readRows } from '../store/bulk-read.ts';
import { insertRows } from '../store/bulk-write.ts';
import { type Tx, withTransaction } from '../store/with-transaction.ts';
import { giveNumber } from './give-number.ts';
import { recordStep } from './order-events.ts';
import { ENDED_STATES, type OrderState } from './order-moves.ts';
import type { FindingColumns, OrderColumns, ResponsiblePerson } from './rows.ts';
import { type OrderView, viewOrder } from './view-order.ts';

export const MOST_FINDINGS = 200;
export const workingDaysSchema = z.int().min(1).max(60);

export const orderSchema = z.strictObject({
  organisationCode: z.string().length(18),
  findings: z.array(z.string().min(1).max(40)).min(1).max(MOST_FINDINGS),
  /** Names of those whom the body has named; none only where it has named nobody. */
  persons: z.array(writtenText(60)).max(20).default([]),
  demand: writtenText(2000, 4),
  legalBasis: writtenText(500, 4).default('《暂行办法》第二十七条、第二十九条'),
  workingDays: workingDaysSchema.default(10),
});
export type OrderInput = z.input<typeof orderSchema>;

/** Throws `NOT_FOUND` for an unknown body, `FINDING_UNKNOWN`, `FINDING_UNDER_ORDER`, `PERSON_UNKNOWN`, `PERSONS_REQUIRED`. */
export async function issueOrder(
  house: House,
  caller: Caller,
  given: OrderInput,
  remember?: Remember<OrderView>,
): Promise<OrderView> {
  requireRole(caller, 'bureau.supervisor');
  const input = orderSchema.parse(given);
  const body = await house.db.rows.organisations.findByPk(input.organisationCode);
  if (!body) throwFaults([{ pointer: '/organisationCode', code: 'NOT_FOUND' }]);
  return withTransaction(house.db, async (tx) => {
    const findings = await holdFindings(house, tx, input);
    const persons = await findPersons(house, tx, input);
    const id = house.newId();
    const order: OrderColumns = {
      ...{ id, number: await giveNumber(house, tx, 'order'), organisationCode: input.organisationCode },
      ...{ organisationName: body?.name ?? '', responsibleBody: body?.responsibleBody ?? null, persons },
      ...{ state: 'issued', legalBasis: input.legalBasis, demand: input.demand, workingDays: input.workingDays },
      ...{ clockId: `${id}:1`, rounds: 1, answer: null, evidenceDigest: null, issuedAt: house.clock(), endedAt: null },
    };
    await house.db.rows.orders.create(order, { transaction: tx });
    await startRound(house, tx, order);
    await attachFindings(house, tx, order, findings);
    await recordStep(house, tx, caller, order, { act: 'issue', details: { findings: findings.length } });
    const view = await viewOrder(house, order, true, tx);
    await remember?.(tx, view);
    return view;
  });
}

/** Its clock runs, and the body has the notice. */
export async function startRound(house: House, tx: Tx, order: OrderColumns): Promise<void> {
  const { clockId: subjectId, organisationCode, workingDays, number, rounds } = order;
  const clock = { kind: 'rectification', subjectId, organisationCode, startedAt: house.clock(), workingDays } as const;
  const { dueAt } = await openDeadline(house, tx, clock);
  const facts = { orderId: order.id, number, dueAt: dueAt.toISOString(), round: rounds };
  const stage = `round-${rounds}`;
  const to = `body:${organisationCode}` as const;
  await tellRecipients(house, tx, [{ to, kind: 'order.issued', subjectId: number, stage, facts }]);
}

async function holdFindings(
  house: House,
  tx: Tx,
  { findings: ids, organisationCode }: z.infer<typeof orderSchema>,
): Promise<FindingColumns[]> {
  const where = { id: { [Op.in]: ids }, organisationCode };
  const order: [string, string][] = [['id', 'ASC']];
  const rows = await readRows(house.db.rows.findings, { where, order, tx, lock: true, by: 'PRIMARY' });
  const byId = new Map(rows.map((row) => [row.id, row]));
  const last = await findLastOrders(house, tx, rows);
  throwFaults(
    ids.flatMap((id, index): PointedFault[] => {
      const row = byId.get(id);
      const pointer = `/findings/${index}`;
      const code = row ? judgeFinding(row, last.get(row.orderId ?? '')) : 'FINDING_UNKNOWN';
      return code ? [{ pointer, code }] : [];
    }),
  );
  return rows;
}

async function findLastOrders(
  house: House,
  tx: Tx,
  findings: readonly FindingColumns[],
): Promise<ReadonlyMap<string, OrderState>> {
  const ids = [...new Set(findings.flatMap(({ orderId }) => orderId ?? []))];
  const where = { id: { [Op.in]: ids } };
  const orders = await readRows(house.db.rows.orders, { where, attributes: ['id', 'state'], tx });
  return new Map(orders.map(({ id, state }) => [id, state]));
}

/** What lasts may be ordered anew once its order has ended; what happened and is over is ordered once, unless the order was taken back. */
function judgeFinding(
  { closedAt, endedBy }: FindingColumns,
  last: OrderState | undefined,
): 'FINDING_UNKNOWN' | 'FINDING_UNDER_ORDER' | undefined {
  if (last && !(ENDED_STATES as readonly OrderState[]).includes(last)) return 'FINDING_UNDER_ORDER';
  if (closedAt === null) return undefined;
  if (endedBy !== 'event') return 'FINDING_UNKNOWN';
  return last === 'closed' ? 'FINDING_UNDER_ORDER' : undefined;
}

async function findPersons(
  house: House,
  tx: Tx,
  { persons: names, organisationCode }: z.infer<typeof orderSchema>,
): Promise<ResponsiblePerson[]> {
  const rows = await readRows(house.db.rows.persons, { where: { organisationCode }, order: [['id', 'ASC']], tx });
  if (names.length === 0 && rows.length > 0) throwFaults([{ pointer: '/persons', code: 'PERSONS_REQUIRED' }]);
  const faults = names.flatMap((name, index): PointedFault[] =>
    rows.some((row) => row.name === name) ? [] : [{ pointer: `/persons/${index}`, code: 'PERSON_UNKNOWN' }],
  );
  throwFaults(faults);
  return [...new Set(names)].map((name) => {
    const duty = rows.find((row) => row.name === name)?.duty;
    if (duty === undefined) throw new Fault('PERSON_UNKNOWN');
    return { name, duty };
  });
}

async function attachFindings(
  house: House,
  tx: Tx,
  { id: orderId }: OrderColumns,
  findings: readonly FindingColumns[],
): Promise<void> {
  const rows = findings.map(({ id }) => ({ id: `${orderId}:${id}`, orderId, findingId: id }));
  await insertRows(house.db, tx, house.db.rows.orderFindings, rows);
  const where = { id: { [Op.in]: findings.map(({ id }) => id) } };
  await house.db.rows.findings.update({ orderId }, { where, transaction: tx });
}
