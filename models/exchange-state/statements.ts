/** The signed daily statements of what city and province hold: kept as signed, each names the digest of the one before. */
import { Op } from 'sequelize';
import { requireRole } from '../account/require-role.ts';
import { appendAudit } from '../audit/append-audit.ts';
import type { Caller, House } from '../house.ts';
import { Fault } from '../kernel/fault.ts';
import { type Page, type PageRequest, pageLimit, toPage } from '../kernel/page.ts';
import { readRows } from '../store/bulk-read.ts';
import { isDuplicate, withTransaction } from '../store/with-transaction.ts';
import type { StatementColumns } from './tree-rows.ts';

export interface StatementView {
  /** YYYY-MM-DD in Asia/Shanghai. */
  readonly day: string;
  /** Canonical JSON, exactly as signed. */
  readonly text: string;
  /** SM2 with SM3 and the default user id, DER in base64, over the text in UTF-8. */
  readonly signature: string;
  /** DER in base64, of the repository's key. */
  readonly certificate: string;
  /** SM3 of the text, hex. */
  readonly digest: string;
}

const READERS = ['bureau.officer', 'bureau.supervisor', 'admin.system', 'auditor'] as const;

/** False when the day has its statement already. */
export async function keepStatement(house: House, caller: Caller, statement: StatementView): Promise<boolean> {
  try {
    await withTransaction(house.db, async (tx) => {
      await house.db.rows.statements.create({ ...statement, createdAt: house.clock() }, { transaction: tx });
      const { day, digest } = statement;
      await appendAudit(house, tx, caller, { act: 'exchange.statement', details: { day, digest } });
    });
    return true;
  } catch (error) {
    if (isDuplicate(error)) return false;
    throw error;
  }
}

export async function findStatement(house: House, day: string): Promise<StatementView | undefined> {
  const [row] = await readRows(house.db.rows.statements, { where: { day } });
  return row && view(row);
}

/** The newest of before a day; without a day, the newest. */
export async function findNewestStatement(house: House, before?: string): Promise<StatementView | undefined> {
  const where = before === undefined ? {} : { day: { [Op.lt]: before } };
  const [row] = await readRows(house.db.rows.statements, { where, order: [['day', 'DESC']], limit: 1 });
  return row && view(row);
}

/** Throws `FORBIDDEN`, `NOT_FOUND`. */
export async function getStatement(house: House, caller: Caller, day: string): Promise<StatementView> {
  requireRole(caller, ...READERS);
  const found = await findStatement(house, day);
  if (!found) throw new Fault('NOT_FOUND');
  return found;
}

/** Newest first, without their texts. Throws `FORBIDDEN`. */
export async function listStatements(
  house: House,
  caller: Caller,
  request: PageRequest,
): Promise<Page<Pick<StatementView, 'day' | 'digest'>>> {
  requireRole(caller, ...READERS);
  const limit = pageLimit(request);
  const where = request.after ? { day: { [Op.lt]: request.after } } : {};
  const rows = await readRows(house.db.rows.statements, {
    where,
    order: [['day', 'DESC']],
    limit: limit + 1,
    attributes: ['day', 'digest'],
  });
  return toPage(
    rows.map(({ day, digest }) => ({ day, digest })),
    limit,
    ({ day }) => day,
  );
}

function view({ day, text, signature, certificate, digest }: StatementColumns): StatementView {
  return { day, text, signature, certificate, digest };
}
