/** Objections (异议, M-20): filed by the holder or a consumer who used the licence, answered by the issuer in 5 working days. */
import { z } from 'zod';
import { requireOrganisation, requireRole } from '../account/require-role.ts';
import { appendAudit, logAccess } from '../audit/append-audit.ts';
import { meetDeadline, openDeadline } from '../deadline/open-deadline.ts';
import type { Caller, House, Remember } from '../house.ts';
import { toShanghaiDate } from '../kernel/clock.ts';
import { Fault } from '../kernel/fault.ts';
import { withTransaction, type Tx } from '../store/with-transaction.ts';
import type { ObjectionColumns } from './rows.ts';

export const objectionSchema = z.strictObject({
  identifier: z.string().min(10).max(200),
  text: z.string().min(4).max(4000),
});
export const answerSchema = z.strictObject({
  outcome: z.enum(['upheld', 'rejected']),
  answer: z.string().min(4).max(4000),
});

export interface ObjectionView {
  readonly number: string;
  readonly state: ObjectionColumns['state'];
  readonly text: string;
  readonly filedAt: string;
  readonly dueAt: string;
  readonly answer: string | null;
  readonly answeredAt: string | null;
}

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
    await logAccess(house, caller, { act: 'objection.file', outcome: 'refused' });
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
    await openDeadline(house, tx, { kind: 'objection', subjectId: id, organisationCode: licence.issuingBody, startedAt: now });
    await appendAudit(house, tx, caller, { act: 'objection.file', licenceId: licence.id, details: { number: row.number } });
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

export async function answerObjection(
  house: House,
  caller: Caller,
  number: string,
  input: z.infer<typeof answerSchema>,
  remember?: Remember<ObjectionView>,
): Promise<ObjectionView> {
  requireRole(caller, 'issuer.reviewer');
  return withTransaction(house.db, async (tx) => {
    const row = await house.db.rows.objections.findOne({ where: { number }, transaction: tx, lock: true });
    if (!row || row.issuingBody !== requireOrganisation(caller)) throw new Fault('NOT_FOUND');
    if (row.state !== 'filed') throw new Fault('STATE_CONFLICT', { detail: row.state });
    const now = house.clock();
    await row.update({ state: input.outcome, answer: input.answer, answeredBy: caller.id, answeredAt: now }, { transaction: tx });
    await meetDeadline(house, tx, row.id, now);
    await appendAudit(house, tx, caller, { act: 'objection.answer', licenceId: row.licenceId, details: { number, outcome: input.outcome } });
    const view = await viewObjection(house, row.get(), tx);
    await remember?.(tx, view);
    return view;
  });
}

/** For the one who filed it, the issuer it went to, and the bureau. */
export async function readObjection(house: House, caller: Caller, number: string): Promise<ObjectionView> {
  const row = await house.db.rows.objections.findOne({ where: { number } });
  const mayRead =
    row &&
    (row.filedBy === caller.id ||
      (row.issuingBody === caller.organisationCode && caller.roles.some((role) => role.startsWith('issuer.'))) ||
      caller.roles.some((role) => role.startsWith('bureau.')));
  await logAccess(house, caller, { act: 'objection.read', outcome: mayRead ? 'done' : 'refused', licenceId: row?.licenceId ?? null });
  if (!row || !mayRead) throw new Fault('NOT_FOUND');
  return viewObjection(house, row.get());
}

async function viewObjection(house: House, row: ObjectionColumns, tx?: Tx): Promise<ObjectionView> {
  const deadline = await house.db.rows.deadlines.findOne({
    where: { kind: 'objection', subjectId: row.id },
    ...(tx ? { transaction: tx } : {}),
  });
  const { number, state, text, filedAt, answer, answeredAt } = row;
  const dueAt = deadline?.dueAt.toISOString() ?? '';
  return { number, state, text, filedAt: filedAt.toISOString(), dueAt, answer, answeredAt: answeredAt?.toISOString() ?? null };
}
