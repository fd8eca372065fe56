/** Alarms of the exchange: raised once, cleared by themselves when the cause is gone, listed with both instants. */

import { Op } from 'sequelize';
import { requireRole } from '../account/require-role.ts';
import { appendAudit } from '../audit/append-audit.ts';
import type { Caller, House } from '../house.ts';
import { type Page, type PageRequest, pageLimit, toPage } from '../kernel/page.ts';
import { readRows } from '../store/bulk-read.ts';
import { insertMissing } from '../store/bulk-write.ts';
import { withTransaction } from '../store/with-transaction.ts';
import type { ExchangeAlarmColumns } from './province-rows.ts';

/** What is wrong at this moment. */
export interface Alarm {
  /** Front-end machine, or name of a link. */
  readonly subject: string;
  readonly details: Readonly<Record<string, unknown>>;
}

export interface AlarmChanges {
  readonly raised: number;
  readonly cleared: number;
}

export interface AlarmBounds {
  /** No more than so many of the kind stand at once: those that stand already stay before any is raised. */
  readonly most?: number;
  /** There is more wrong than is named: nothing is taken for mended. */
  readonly isCut?: boolean;
}

/** Bring the alarms of a kind to what is wrong now. Any number may call it at once: each is raised once. */
export async function setAlarms(
  house: House,
  caller: Caller,
  kind: string,
  wrong: readonly Alarm[],
  { most = Number.POSITIVE_INFINITY, isCut = false }: AlarmBounds = {},
): Promise<AlarmChanges> {
  const { exchangeAlarms } = house.db.rows;
  const open = await readRows(exchangeAlarms, { where: { kind, openKey: { [Op.ne]: null } } });
  const known = new Set(open.map(({ subject }) => subject));
  const now = new Set(wrong.map(({ subject }) => subject));
  const over = isCut ? [] : open.filter(({ subject }) => !now.has(subject));
  const room = Math.max(0, most - (open.length - over.length));
  const fresh = wrong.filter(({ subject }) => !known.has(subject)).slice(0, room);
  if (fresh.length + over.length === 0) return { raised: 0, cleared: 0 };
  await withTransaction(house.db, async (tx) => {
    const raisedAt = house.clock();
    const rows = fresh.map(({ subject, details }) => ({
      ...{ id: house.newId(), kind, subject, openKey: `${kind} ${subject}`, raisedAt, clearedAt: null, details },
    }));
    await insertMissing(house.db, tx, exchangeAlarms, 'openKey', rows);
    await exchangeAlarms.update(
      { openKey: null, clearedAt: raisedAt },
      { where: { id: { [Op.in]: over.map(({ id }) => id) } }, transaction: tx },
    );
    const raised = fresh.map(({ subject, details }) => ({ subject, ...details }));
    const details = { kind, raised, cleared: over.map(({ subject }) => subject) };
    await appendAudit(house, tx, caller, { act: 'exchange.alarm', details });
  });
  for (const { subject, details } of fresh) house.log.error({ alarm: kind, subject, ...details }, 'alarm raised');
  for (const { subject } of over) house.log.info({ alarm: kind, subject }, 'alarm cleared');
  return { raised: fresh.length, cleared: over.length };
}

export interface AlarmView {
  readonly id: string;
  readonly kind: string;
  readonly subject: string;
  readonly raisedAt: string;
  /** Null while the cause lasts. */
  readonly clearedAt: string | null;
  readonly details: Readonly<Record<string, unknown>>;
}

/** Newest first. Throws `FORBIDDEN`. */
export async function listAlarms(house: House, caller: Caller, request: PageRequest): Promise<Page<AlarmView>> {
  requireRole(caller, 'bureau.officer', 'bureau.supervisor', 'admin.system');
  const limit = pageLimit(request);
  const where = request.after ? { id: { [Op.lt]: request.after } } : {};
  const rows = await readRows(house.db.rows.exchangeAlarms, { where, order: [['id', 'DESC']], limit: limit + 1 });
  return toPage(rows.map(viewAlarm), limit, ({ id }) => id);
}

/** Those whose cause lasts. */
export async function findOpenAlarms(house: House): Promise<AlarmView[]> {
  const where = { openKey: { [Op.ne]: null } };
  return (await readRows(house.db.rows.exchangeAlarms, { where, order: [['id', 'ASC']] })).map(viewAlarm);
}

function viewAlarm({ id, kind, subject, raisedAt, clearedAt, details }: ExchangeAlarmColumns): AlarmView {
  return { id, kind, subject, raisedAt: raisedAt.toISOString(), clearedAt: clearedAt?.toISOString() ?? null, details };
}
