/** What is owed, oldest due first; and of annulled ones who was told, and who has acknowledged it on the same day. */
import { Op, type WhereOptions } from 'sequelize';
import { z } from 'zod';
import { requireOrganisation, requireRole } from '../account/require-role.ts';
import { logAccess } from '../audit/append-audit.ts';
import type { Caller, House } from '../house.ts';
import { addDays, toShanghaiDate } from '../kernel/clock.ts';
import { Fault } from '../kernel/fault.ts';
import { type Page, type PageRequest, pageLimit, toPage } from '../kernel/page.ts';
import { readRows } from '../store/bulk-read.ts';
import { type CommitmentStage, WARNED_DAYS } from './promise-times.ts';
import type { CommitmentColumns } from './rows.ts';
import { type CommitmentView, viewCommitments } from './view-commitment.ts';

export const stageSchema = z.enum(['open', 'warned', 'overdue']);
const READERS = ['issuer.clerk', 'issuer.reviewer', 'bureau.officer', 'bureau.supervisor'] as const;

/** A department's own; all for the bureau. Those on which nothing is owed are left out. */
export async function listCommitments(
  house: House,
  caller: Caller,
  request: PageRequest & { readonly stage?: CommitmentStage | undefined },
): Promise<Page<CommitmentView>> {
  requireRole(caller, ...READERS);
  const limit = pageLimit(request);
  const where: WhereOptions<CommitmentColumns> = {
    [Op.and]: [
      { dueOn: within(toShanghaiDate(house.clock()), request.stage) },
      ownOf(caller),
      afterCursor(request.after),
    ],
  };
  const order = [
    ['dueOn', 'ASC'],
    ['id', 'ASC'],
  ] as [string, string][];
  const found = await readRows(house.db.rows.commitments, { where, order, limit: limit + 1 });
  const { items, next } = toPage(found, limit, ({ dueOn, id }) => `${dueOn ?? ''}:${id}`);
  await logAccess(house, caller, { act: 'commitment.read', licenceIds: items.map(({ id }) => id) });
  return { items: await viewCommitments(house, items), next };
}

/** Throws `NOT_FOUND`, also for another department's licence and for one with nothing promised. */
export async function readCommitment(house: House, caller: Caller, licenceId: string): Promise<CommitmentView> {
  requireRole(caller, ...READERS);
  const [row] = await readRows(house.db.rows.commitments, { where: { [Op.and]: [{ id: licenceId }, ownOf(caller)] } });
  await logAccess(house, caller, { act: 'commitment.read', licenceId, outcome: row ? 'done' : 'refused' });
  const [view] = row ? await viewCommitments(house, [row]) : [];
  if (!view) throw new Fault('NOT_FOUND');
  return view;
}

function ownOf(caller: Caller): WhereOptions<CommitmentColumns> {
  return caller.roles.some((role) => role.startsWith('bureau.')) ? {} : { issuingBody: requireOrganisation(caller) };
}

function within(today: string, stage: CommitmentStage | undefined) {
  const warned = addDays(today, WARNED_DAYS);
  if (stage === 'overdue') return { [Op.lt]: today };
  if (stage === 'warned') return { [Op.gte]: today, [Op.lte]: warned };
  return stage === 'open' ? { [Op.gt]: warned } : { [Op.ne]: null };
}

/** Due dates are shared: the cursor is the date and the id. Throws `FIELD_PATTERN` at `/after`. */
function afterCursor(after: string | undefined): WhereOptions<CommitmentColumns> {
  if (after === undefined) return {};
  const [, dueOn, id] = /^(\d{4}-\d{2}-\d{2}):(.+)$/.exec(after) ?? [];
  if (!dueOn || !id) throw new Fault('REQUEST_INVALID', { errors: [{ pointer: '/after', code: 'FIELD_PATTERN' }] });
  return { [Op.or]: [{ dueOn: { [Op.gt]: dueOn } }, { dueOn, id: { [Op.gt]: id } }] };
}
