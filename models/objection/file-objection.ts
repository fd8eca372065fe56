/** File an objection (异议, M-20): by the holder, or by a consumer who used the licence. It is acknowledged at once with its number and the
 *  day by which the issuer answers; from then on the licence is disputed. */
import { z } from 'zod';
import { requireOrganisation, requireRole } from '../account/require-role.ts';
import { appendAudit, logAccess } from '../audit/append-audit.ts';
import { openDeadline } from '../deadline/open-deadline.ts';
import type { Caller, House, Remember } from '../house.ts';
import { toShanghaiDate } from '../kernel/clock.ts';
import { Fault, throwFaults } from '../kernel/fault.ts';
import { writtenText } from '../kernel/written-text.ts';
import type { LicenceColumns } from '../licence/rows.ts';
import { tellRecipients } from '../notice/index.ts';
import { type Tx, withTransaction } from '../store/with-transaction.ts';
import { claimsSchema, hideClaims, requireClaimable } from './claims.ts';
import { holdLicence } from './lock-objection.ts';
import { OBJECTION_CATEGORIES, type ObjectionCategory, OPEN_STATES } from './objection-words.ts';
import { publishDispute } from './publish-dispute.ts';
import { recordEvents } from './record-events.ts';
import type { ObjectionColumns } from './rows.ts';
import { CONSUMERS, partiesOf } from './sides.ts';
import { type ObjectionView, viewObjection } from './view-objection.ts';

export const objectionSchema = z.strictObject({
  identifier: z.string().min(10).max(200),
  category: z.enum(Object.keys(OBJECTION_CATEGORIES) as [ObjectionCategory, ...ObjectionCategory[]]).default('other'),
  text: writtenText(4000, 4),
  claims: claimsSchema,
  /** Number of the closed objection of one's own that is taken up again. */
  follows: z.string().min(1).max(60).optional(),
});
export type ObjectionInput = z.input<typeof objectionSchema>;

/** Throws `NOT_FOUND` for a licence that is not the holder's, or that the body never used; `OBJECTION_OPEN` for a second of one kind;
 *  `FIELD_UNKNOWN`, `FORMER_UNKNOWN`. */
export async function fileObjection(
  house: House,
  caller: Caller,
  given: ObjectionInput,
  remember?: Remember<ObjectionView>,
): Promise<ObjectionView> {
  requireRole(caller, 'holder', ...CONSUMERS);
  const input = objectionSchema.parse(given);
  const identifier = input.identifier.trim().toUpperCase();
  const found = await house.db.rows.licences.findOne({ where: { identifier, state: 'issued' } });
  const concerned = found && (await isConcerned(house, caller, found.id));
  if (!found || !concerned) {
    await logAccess(house, caller, { act: 'objection.file', outcome: 'refused', licenceId: found?.id ?? null });
    throw new Fault('NOT_FOUND');
  }
  await requireClaimable(house, found.get(), input.claims);
  return withTransaction(house.db, async (tx) => {
    const licence = await holdLicence(house, tx, caller, found.id);
    if (!licence) throw new Fault('NOT_FOUND');
    const row = compose(house, caller, licence, input);
    await requireAlone(house, tx, row);
    await house.db.rows.objections.create(row, { transaction: tx });
    await openClock(house, tx, row);
    await recordEvents(house, tx, caller, [{ objectionId: row.id, act: 'filed', side: 'objector' }]);
    await publishDispute(house, tx, caller, { licence, objectionId: row.id, act: 'raised' });
    const view = await viewObjection(house, row, 'objector', tx);
    await tellRecipients(house, tx, [
      {
        ...{ to: `body:${row.issuingBody}`, kind: 'objection.filed', subjectId: row.number, stage: 'filed' },
        facts: { identifier, category: row.category, dueAt: view.dueAt },
      },
    ]);
    await remember?.(tx, view);
    const details = { number: row.number, category: row.category };
    await appendAudit(house, tx, caller, { act: 'objection.file', licenceId: licence.id, details });
    return view;
  });
}

async function isConcerned(house: House, caller: Caller, licenceId: string): Promise<boolean> {
  if (caller.roles.includes('holder')) {
    const { holderId } = caller;
    return Boolean(holderId && (await house.db.rows.licenceHolders.findOne({ where: { licenceId, holderId } })));
  }
  const organisationCode = requireOrganisation(caller);
  const acts = ['sharing.preview', 'sharing.status', 'sharing.copy', 'sharing.compare', 'sharing.print'] as const;
  const where = { licenceId, organisationCode, act: [...acts], outcome: 'done' as const };
  return Boolean(await house.db.rows.auditEntries.findOne({ where, attributes: ['seq'] }));
}

function compose(
  house: House,
  caller: Caller,
  { id: licenceId, issuingBody }: LicenceColumns,
  { category, text, claims, follows }: z.infer<typeof objectionSchema>,
): ObjectionColumns {
  const [now, id] = [house.clock(), house.newId()];
  const [party = ''] = partiesOf(caller);
  return {
    ...{ id, licenceId, issuingBody, party, category, text, claims: hideClaims(house, claims) },
    number: `YY${toShanghaiDate(now).replaceAll('-', '')}${id.slice(-8)}`,
    filedByType: caller.roles.includes('holder') ? 'holder' : 'consumer',
    ...{ filedBy: caller.id, organisationCode: caller.organisationCode, filedAt: now },
    ...{ follows: follows ?? null, openKey: `${licenceId}:${party}:${category}`, state: 'filed' },
    ...{ handler: null, assignedAt: null, escalatedAt: null, lateMinutes: null, lateReason: null },
    ...{ answer: null, answeredBy: null, answeredAt: null, answeredSequence: null },
    ...{ correctionId: null, correctionPlan: null, correctionSequence: null },
    ...{ correctedAt: null, correctionEscalatedAt: null },
  };
}

/** One of a kind at a time, and what it takes up is closed, of the same party and of the same licence. */
async function requireAlone(house: House, tx: Tx, row: ObjectionColumns): Promise<void> {
  const { objections } = house.db.rows;
  const { openKey, follows: number, licenceId, party } = row;
  if (await objections.findOne({ where: { openKey }, attributes: ['id'], transaction: tx }))
    throw new Fault('OBJECTION_OPEN');
  if (number === null) return;
  const former = await objections.findOne({ where: { number, licenceId, party }, transaction: tx });
  const open: readonly string[] = OPEN_STATES;
  if (!former || open.includes(former.state)) throwFaults([{ pointer: '/follows', code: 'FORMER_UNKNOWN' }]);
}

function openClock(house: House, tx: Tx, { id, issuingBody, filedAt }: ObjectionColumns) {
  const clock = { kind: 'objection', subjectId: id, organisationCode: issuingBody, startedAt: filedAt } as const;
  return openDeadline(house, tx, clock);
}
