/** The issuer lets another body use its seal (C-7.1-4): from one day to another, for all of its entries or for some. */
import { z } from 'zod';
import { requireRole } from '../account/require-role.ts';
import { appendAudit } from '../audit/append-audit.ts';
import type { Caller, House, Remember } from '../house.ts';
import { Fault, type PointedFault, throwFaults } from '../kernel/fault.ts';
import { writtenText } from '../kernel/written-text.ts';
import { type Tx, withTransaction } from '../store/with-transaction.ts';
import { requireOwnSeal } from './may-see-seal.ts';
import type { SealColumns, SealUserColumns } from './rows.ts';
import type { SealState } from './seal-moves.ts';
import { type SealUserView, viewSealUser } from './view-seal.ts';

const MOST_ENTRIES = 200;

export const sealUserSchema = z.strictObject({
  organisationCode: z.string().length(18),
  /** Entries of the issuer; left out: all of them. */
  catalogueCodes: z.array(z.string().length(21)).min(1).max(MOST_ENTRIES).optional(),
  /** Both inclusive. */
  from: z.iso.date(),
  to: z.iso.date(),
  reason: writtenText(1000),
});
export type SealUserInput = z.infer<typeof sealUserSchema>;

/** Also before the seal is made, so that a renewed one goes on where the old one ends. */
const STANDING: readonly SealState[] = ['approved', 'active', 'frozen'];

/** Throws `NOT_FOUND` for another body's seal, `SEAL_MOVE_REFUSED` for one that is not standing, and all faults of the
 *  authorisation at once. */
export async function authoriseSealUser(
  house: House,
  caller: Caller,
  sealId: string,
  input: SealUserInput,
  remember?: Remember<SealUserView>,
): Promise<SealUserView> {
  requireRole(caller, 'issuer.seal-keeper');
  return withTransaction(house.db, async (tx) => {
    const seal = await house.db.rows.seals.findByPk(sealId, { transaction: tx, lock: true });
    if (!seal) throw new Fault('NOT_FOUND');
    requireOwnSeal(caller)(seal);
    if (!STANDING.includes(seal.state)) throw new Fault('SEAL_MOVE_REFUSED', { detail: `${seal.state} → authorise` });
    throwFaults(await checkUser(house, tx, seal, input));
    const row: SealUserColumns = {
      ...{ id: house.newId(), sealId, organisationCode: input.organisationCode },
      ...{ catalogueCodes: input.catalogueCodes ?? null, validFrom: input.from, validTo: input.to },
      ...{ state: 'authorised', reason: input.reason, createdAt: house.clock(), createdBy: caller.id },
      ...{ endedAt: null, endedBy: null },
    };
    await house.db.rows.sealUsers.create(row, { transaction: tx });
    const details = { sealId, userId: row.id, organisationCode: row.organisationCode, from: input.from, to: input.to };
    await appendAudit(house, tx, caller, { act: 'seal.authorise', details });
    const view = viewSealUser(row);
    await remember?.(tx, view);
    return view;
  });
}

async function checkUser(
  house: House,
  tx: Tx,
  seal: Pick<SealColumns, 'organisationCode'>,
  input: SealUserInput,
): Promise<PointedFault[]> {
  const faults: PointedFault[] = [];
  if (input.to < input.from) faults.push({ pointer: '/to', code: 'VALIDITY_BACKWARDS' });
  const body = await house.db.rows.organisations.findByPk(input.organisationCode, { transaction: tx });
  if (body?.state !== 'active' || body.code === seal.organisationCode)
    faults.push({ pointer: '/organisationCode', code: body ? 'ORGANISATION_NOT_ACTIVE' : 'NOT_FOUND' });
  const entries = await house.db.rows.catalogueEntries.findAll({
    where: { code: input.catalogueCodes ?? [], issuingBody: seal.organisationCode },
    attributes: ['code'],
    transaction: tx,
  });
  const known = new Set(entries.map(({ code }) => code));
  for (const [index, code] of (input.catalogueCodes ?? []).entries()) {
    if (!known.has(code)) faults.push({ pointer: `/catalogueCodes/${index}`, code: 'CATALOGUE_UNKNOWN' });
  }
  return faults;
}
