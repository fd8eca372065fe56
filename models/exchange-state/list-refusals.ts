/** What does not go to the province: held back here or refused there, with cause, department and since when; and the act by
 *  which somebody who has mended the cause sends it again. */
import { Op, type WhereOptions } from 'sequelize';
import { z } from 'zod';
import { requireRole } from '../account/require-role.ts';
import type { Caller, House, Remember } from '../house.ts';
import { Fault } from '../kernel/fault.ts';
import { type Page, type PageRequest, pageLimit, toPage } from '../kernel/page.ts';
import { readRows } from '../store/bulk-read.ts';
import { withTransaction } from '../store/with-transaction.ts';
import { replay } from './follow-province.ts';
import type { ProvinceReturnColumns, ProvinceStateColumns } from './province-rows.ts';
import { listRefusedReturns, replayReturn } from './returns.ts';

export const refusalQuerySchema = {
  state: z.enum(['held', 'refused', 'return']).optional(),
  /** Issuing body, 18 characters. */
  organisationCode: z.string().length(18).optional(),
};

export interface Refusal {
  /** For `replay`: `licence:<id>`, `catalogue:<code>` or `return:<identifier>`. */
  readonly id: string;
  /** `held`: it did not leave; `refused`: the province did not take it; `return`: what the province gave back was not taken here,
   *  or not yet. */
  readonly state: 'held' | 'refused' | 'return';
  readonly kind: 'licence' | 'catalogue';
  /** GB/T 36904 identifier, or catalogue code. */
  readonly subject: string;
  readonly sequence: number;
  readonly organisationCode: string | null;
  readonly cause: string;
  readonly since: string;
}

export interface RefusalRequest extends PageRequest {
  readonly state?: Refusal['state'] | undefined;
  readonly organisationCode?: string | undefined;
}

/** By id. The bureau sees all, an issuer what is its own. Throws `FORBIDDEN`. */
export async function listRefusals(house: House, caller: Caller, request: RefusalRequest): Promise<Page<Refusal>> {
  requireRole(caller, 'bureau.officer', 'bureau.supervisor', 'admin.system', 'issuer.clerk', 'issuer.reviewer');
  const limit = pageLimit(request);
  const body = isOfBureau(caller) ? request.organisationCode : (caller.organisationCode ?? '');
  const outward = request.state === 'return' ? [] : await listOutward(house, request, body, limit + 1);
  const wanted = request.state === undefined || request.state === 'return';
  const after = request.after?.startsWith('return:') ? request.after.slice('return:'.length) : '';
  const inward = wanted ? await listRefusedReturns(house, after, body, limit + 1) : [];
  return toPage([...outward, ...inward.map(describeReturn)], limit, ({ id }) => id);
}

function isOfBureau({ roles }: Caller): boolean {
  return roles.some((role) => role === 'bureau.officer' || role === 'bureau.supervisor' || role === 'admin.system');
}

async function listOutward(house: House, request: RefusalRequest, body: string | undefined, limit: number) {
  const { provinceStates, licences } = house.db.rows;
  const states = request.state === 'held' || request.state === 'refused' ? [request.state] : ['held', 'refused'];
  const where: WhereOptions<ProvinceStateColumns> = {
    state: { [Op.in]: states },
    ...(request.after ? { id: { [Op.gt]: request.after } } : {}),
    ...(body === undefined ? {} : { issuingBody: body }),
  };
  const rows = await readRows(provinceStates, { where, order: [['id', 'ASC']], limit });
  const ids = rows.filter(({ subjectType }) => subjectType === 'licence').map(({ subjectId }) => subjectId);
  const named = await readRows(licences, {
    where: { id: { [Op.in]: ids } },
    attributes: ['id', 'identifier', 'sequence'],
  });
  const byId = new Map(named.map((row) => [row.id, row]));
  return rows.map((row): Refusal => {
    const licence = byId.get(row.subjectId);
    return {
      ...{ id: row.id, state: row.state === 'held' ? 'held' : 'refused', kind: row.subjectType },
      ...{ subject: licence?.identifier ?? row.subjectId, sequence: licence?.sequence ?? row.sentSequence },
      ...{ organisationCode: row.issuingBody, cause: row.reason ?? '' },
      since: (row.since ?? row.updatedAt).toISOString(),
    };
  });
}

function describeReturn(row: ProvinceReturnColumns): Refusal {
  return {
    ...{ id: `return:${row.id}`, state: 'return', kind: 'licence', subject: row.id, sequence: row.sequence },
    ...{ organisationCode: row.issuingBody, cause: row.cause ?? '', since: row.receivedAt.toISOString() },
  };
}

export interface Replayed {
  readonly id: string;
  readonly state: 'queued';
}

/** Once more, with the next pass. Throws `NOT_FOUND`, `FORBIDDEN`, and `STATE_CONFLICT` when it is not held or refused any more. */
export async function replayRefusal(
  house: House,
  caller: Caller,
  id: string,
  remember?: Remember<Replayed>,
): Promise<Replayed> {
  requireRole(caller, 'bureau.officer', 'admin.system', 'issuer.clerk', 'issuer.reviewer');
  const result: Replayed = { id, state: 'queued' };
  await withTransaction(house.db, async (tx) => {
    if (id.startsWith('return:')) await replayReturn(house, tx, caller, id.slice('return:'.length));
    else {
      const row = await house.db.rows.provinceStates.findByPk(id, { transaction: tx, lock: true });
      if (!row) throw new Fault('NOT_FOUND');
      if (!isOfBureau(caller) && row.issuingBody !== caller.organisationCode) throw new Fault('NOT_FOUND');
      if (row.state !== 'held' && row.state !== 'refused') throw new Fault('STATE_CONFLICT', { detail: row.state });
      const { subjectType: type, subjectId, sentSequence: sequence } = row;
      await replay(house, tx, caller, { type, id: subjectId, sequence });
    }
    await remember?.(tx, result);
  });
  return result;
}
