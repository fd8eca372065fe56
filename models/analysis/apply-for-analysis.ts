/** Apply to the bureau for a bulk analysis (R-47, M-18): what for, on what basis, which data, for how long, to whom. */
import { z } from 'zod';
import { requireOrganisation, requireRole } from '../account/require-role.ts';
import { appendAudit } from '../audit/append-audit.ts';
import type { Caller, House, Remember } from '../house.ts';
import { toShanghaiDate } from '../kernel/clock.ts';
import { throwFaults } from '../kernel/fault.ts';
import { writtenText } from '../kernel/written-text.ts';
import { requireActive } from '../organisation/require-active.ts';
import { checkPurpose } from '../sharing/check-purpose.ts';
import { withTransaction } from '../store/with-transaction.ts';
import { judgeTerms } from './judge-terms.ts';
import { markIndexOf } from './marks.ts';
import { tellOfAnalysis, withMove } from './move-analysis.ts';
import { readRecipient } from './read-recipient.ts';
import type { AnalysisColumns } from './rows.ts';
import { termsSchema, termsShape } from './terms.ts';
import { type AnalysisView, viewAnalysis } from './view-analysis.ts';

export const analysisSchema = z.strictObject({
  purpose: writtenText(200, 2),
  legalBasis: writtenText(500, 2),
  /** Asked for when columns of holders are. */
  personalReason: writtenText(500, 4).optional(),
  responsible: z.strictObject({ name: writtenText(60), duty: writtenText(60) }),
  /** PEM, or DER in base64; a delivery is encrypted to its SM2 key. */
  certificate: z.string().min(100).max(20_000),
  ...termsShape,
});

export const SECRET_CONTEXT = 'analyses.secret';

/** Throws all faults at once, `ORGANISATION_NOT_ACTIVE`. */
export async function applyForAnalysis(
  house: House,
  caller: Caller,
  input: z.infer<typeof analysisSchema>,
  remember?: Remember<AnalysisView>,
): Promise<AnalysisView> {
  requireRole(caller, 'consumer.approver');
  const organisationCode = requireOrganisation(caller);
  await requireActive(house, organisationCode);
  const { purpose, legalBasis, personalReason = null, responsible, certificate: given, ...rest } = input;
  const asked = termsSchema.parse(rest);
  const now = house.clock();
  const { certificate, faults } = readRecipient(given, organisationCode, now);
  throwFaults([...checkPurpose(house, purpose), ...faults, ...(await judgeTerms(house, asked, personalReason))]);
  const application = { purpose, legalBasis, personalReason, responsible, certificate };
  const row = newRow(house, organisationCode, caller, { application, asked, createdAt: now });
  return withTransaction(house.db, async (tx) => {
    await house.db.rows.analyses.create(row, { transaction: tx });
    await tellOfAnalysis(house, tx, 'analysis.filed', row);
    const details = { number: row.number, catalogueCodes: asked.types.map(({ catalogueCode }) => catalogueCode) };
    await appendAudit(house, tx, caller, { act: 'analysis.apply', purpose, details });
    const view = viewAnalysis(row);
    await remember?.(tx, view);
    return view;
  });
}

function newRow(
  house: House,
  organisationCode: string,
  caller: Caller,
  given: Pick<AnalysisColumns, 'application' | 'asked' | 'createdAt'>,
): AnalysisColumns {
  const id = house.newId();
  const secret = Buffer.from(house.random(32)).toString('base64');
  return {
    id,
    number: `FX${toShanghaiDate(given.createdAt).replaceAll('-', '')}${id.slice(-8)}`,
    organisationCode,
    appliedBy: caller.id,
    ...given,
    granted: null,
    ...withMove({ moves: [] }, caller, 'applied', given.createdAt),
    secret: house.cipher.encrypt(SECRET_CONTEXT, secret),
    markIndex: markIndexOf(house, id),
    startsAt: null,
    expiresAt: null,
    moment: null,
    nextType: 0,
    afterId: '',
    nextPart: 0,
    rowCounts: [],
    packageId: null,
    packageParts: 0,
    digest: null,
    sizeBytes: 0,
    downloads: 0,
    failure: null,
  };
}
