/** File an objection (异议, M-20): by the holder, or by a consumer who used the licence. The issuer has 5 working days. */
import { z } from 'zod';
import { requireOrganisation, requireRole } from '../account/require-role.ts';
import { appendAudit, logAccess } from '../audit/append-audit.ts';
import { openDeadline } from '../deadline/open-deadline.ts';
import type { Caller, House, Remember } from '../house.ts';
import { toShanghaiDate } from '../kernel/clock.ts';
import { Fault } from '../kernel/fault.ts';
import { writtenText } from '../kernel/written-text.ts';
import { withTransaction } from '../store/with-transaction.ts';
import type { ObjectionColumns } from './rows.ts';
import { type ObjectionView, viewObjection } from './view-objection.ts';

export const objectionSchema = z.strictObject({
  identifier: z.string().min(10).max(200),
  text: writtenText(4000, 4),
});

/** Throws `NOT_FOUND` for a licence that is not the holder's, or that the body never used. */
export async function fileObjection(
  house: House,
  caller: Caller,
  input: z.infer<typeof objectionSchema>,
  remember?: Remember<ObjectionView>,
): Promise<ObjectionView> {
  requireRole(caller, 'holder', 'consumer.window', 'consumer.approver');
  const identifier = input.identifier.trim().toUpperCase();
  const licence = await house.db.rows.licences.findOne({ where: { identifier, state: 'issued' } });
  const concerned = licence && (await isConcerned(house, caller, licence.id));
  if (!licence || !concerned) {
    await logAccess(house, caller, { act: 'objection.file', outcome: 'refused', licenceId: licence?.id ?? null });
    throw new Fault('NOT_FOUND');
  }
  const now = house.clock();
  return withTransaction(house.db, async (tx) => {
    const id = house.newId();
    const row: ObjectionColumns = {
      id,
      number: `YY${toShanghaiDate(now).replaceAll('-', '')}${id.slice(-8)}`,
      licenceId: licence.id,
      issuingBody: licence.issuingBody,
      filedByType: caller.roles.includes('holder') ? 'holder' : 'consumer',
      filedBy: caller.id,
      organisationCode: caller.organisationCode,
      text: input.text,
      state: 'filed',
      answer: null,
      answeredBy: null,
      answeredAt: null,
      filedAt: now,
    };
    await house.db.rows.objections.create(row, { transaction: tx });
    await openDeadline(house, tx, {
      kind: 'objection',
      subjectId: id,
      organisationCode: licence.issuingBody,
      startedAt: now,
    });
    await appendAudit(house, tx, caller, {
      act: 'objection.file',
      licenceId: licence.id,
      details: { number: row.number },
    });
    const view = await viewObjection(house, row, tx);
    await remember?.(tx, view);
    return view;
  });
}

async function isConcerned(house: House, caller: Caller, licenceId: string): Promise<boolean> {
  if (caller.roles.includes('holder')) {
    const { holderId } = caller;
    return Boolean(holderId && (await house.db.rows.licenceHolders.findOne({ where: { licenceId, holderId } })));
  }
  const organisationCode = requireOrganisation(caller);
  const acts = ['sharing.preview', 'sharing.status', 'sharing.copy', 'sharing.compare'] as const;
  const where = { licenceId, organisationCode, act: [...acts], outcome: 'done' as const };
  return Boolean(await house.db.rows.auditEntries.findOne({ where, attributes: ['seq'] }));
}
