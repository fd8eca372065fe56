/** Put a maker of seals on the list: its certificate, and for how long. */
import { z } from 'zod';
import { maySignDocuments, parseCertificate, SigningError } from '../../signing/index.ts';
import { requireRole } from '../account/require-role.ts';
import { appendAudit } from '../audit/append-audit.ts';
import type { Caller, House, Remember } from '../house.ts';
import { sm3Hex } from '../kernel/digest.ts';
import { Fault, type PointedFault, throwFaults } from '../kernel/fault.ts';
import { writtenText } from '../kernel/written-text.ts';
import { withTransaction } from '../store/with-transaction.ts';
import { readCertificateText } from './read-certificate-text.ts';
import { type SealMakerView, storeSealMaker, viewSealMaker } from './seal-makers.ts';

const MOST_CHARACTERS = 20_000;

export const sealMakerSchema = z.strictObject({
  /** PEM, or DER in base64: the maker's own, or that of an authority that issues to makers only. */
  certificate: z.string().min(1).max(MOST_CHARACTERS),
  /** Default: from now on. */
  from: z.iso.datetime({ offset: true }).optional(),
  to: z.iso.datetime({ offset: true }).optional(),
  reason: writtenText(1000),
});

/** Throws `SEAL_MAKER_UNFIT`, `VALIDITY_BACKWARDS`; `ALREADY_EXISTS` for a maker that is on the list. A maker that was withdrawn
 *  may be accepted again. */
export async function acceptSealMaker(
  house: House,
  caller: Caller,
  input: z.infer<typeof sealMakerSchema>,
  remember?: Remember<SealMakerView>,
): Promise<SealMakerView> {
  requireRole(caller, 'bureau.officer', 'admin.security');
  const acceptedFrom = input.from ? new Date(input.from) : house.clock();
  const acceptedTo = input.to ? new Date(input.to) : null;
  const certificate = readCertificateText(input.certificate);
  throwFaults([
    ...checkMaker(certificate),
    ...(acceptedTo && acceptedTo <= acceptedFrom ? [{ pointer: '/to', code: 'VALIDITY_BACKWARDS' } as const] : []),
  ]);
  const bytes = certificate ?? new Uint8Array();
  return withTransaction(house.db, async (tx) => {
    const { sealMakers } = house.db.rows;
    const known = await sealMakers.findOne({ where: { digest: sm3Hex(bytes) }, transaction: tx, lock: true });
    if (known?.state === 'accepted') throw new Fault('ALREADY_EXISTS');
    const { reason } = input;
    const again = { acceptedFrom, acceptedTo, reason, state: 'accepted', endedAt: null, endedBy: null } as const;
    await known?.update(again, { transaction: tx });
    const fresh = { certificate: bytes, acceptedFrom, acceptedTo, reason, createdBy: caller.id };
    const row = known?.get() ?? (await storeSealMaker(house, tx, fresh));
    await appendAudit(house, tx, caller, { act: 'seal.maker', details: { makerId: row.id, digest: row.digest } });
    const view = viewSealMaker(row);
    await remember?.(tx, view);
    return view;
  });
}

/** Who signs seals, or issues to those who do. */
function checkMaker(certificate: Uint8Array | undefined): PointedFault[] {
  const fault = (detail: string): PointedFault[] => [{ pointer: '/certificate', code: 'SEAL_MAKER_UNFIT', detail }];
  if (!certificate) return fault('PEM, DER');
  try {
    const parsed = parseCertificate(certificate);
    const { keyAlgorithm, keyUsage, basicConstraints } = parsed;
    if (keyAlgorithm !== 'SM2') return fault('SM2');
    const fits = basicConstraints.ca ? !keyUsage || keyUsage.has('keyCertSign') : maySignDocuments(parsed);
    return fits ? [] : fault('keyUsage');
  } catch (error) {
    if (!(error instanceof SigningError)) throw error;
    return fault('X.509');
  }
}
