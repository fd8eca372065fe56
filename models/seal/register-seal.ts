/** Register a seal that was made elsewhere (R-68, M-7): the SESeal with its certificates, verified in full, and what presses it,
 *  a key that is known here or a service outside. Generations 1, 4 and 5 are read; the generation is stated. */
import { z } from 'zod';
import { isListedSigner, type ParsedSeal } from '../../signing/index.ts';
import { requireRole } from '../account/require-role.ts';
import type { Caller, House, Remember } from '../house.ts';
import { Fault, type PointedFault, throwFaults } from '../kernel/fault.ts';
import { writtenText } from '../kernel/written-text.ts';
import { requireActive } from '../organisation/require-active.ts';
import { withTransaction } from '../store/with-transaction.ts';
import { activateSeal } from './activate-seal.ts';
import { judgeExternalSeal } from './judge-external-seal.ts';
import { readBase64, readCertificateText } from './read-certificate-text.ts';
import type { KeyColumns, SealColumns } from './rows.ts';
import { nextSealState } from './seal-moves.ts';
import { type SealView, viewSeal } from './view-seal.ts';

const MOST_SEAL = 1_400_000;
const MOST_CERTIFICATE = 20_000;
const MOST_ABOVE = 10;

export const sealRegistrationSchema = z.strictObject({
  /** SESeal, DER in base64. */
  eseal: z.string().min(1).max(MOST_SEAL),
  /** PEM, or DER in base64: the signer's, then its issuers. */
  certificates: z.array(z.string().min(1).max(MOST_CERTIFICATE)).min(1).max(MOST_ABOVE),
  /** The SM2 key that presses it; or else `service`. */
  sm2KeyId: z.string().min(1).max(64).optional(),
  /** Name of the service that presses it. */
  service: writtenText(120).optional(),
  /** The RSA key with which the PDF is signed. */
  rsaKeyId: z.string().min(1).max(64),
  /** PNG in base64, for a seal whose own picture is of another type. */
  picture: z.string().min(1).max(MOST_SEAL).optional(),
});
export type SealRegistration = z.infer<typeof sealRegistrationSchema>;

/** Throws every fault at once (`REQUEST_INVALID` with pointers): `FILE_NOT_WHAT_IT_SAYS`, `SEAL_REFUSED` naming the check,
 *  `FILE_MISMATCH`, `IMAGE_UNREADABLE`, `SEAL_KEY_UNKNOWN`, `ALREADY_EXISTS`. Throws `SEAL_MOVE_REFUSED` for what is not
 *  approved, `ORGANISATION_NOT_ACTIVE`, `NOT_FOUND`. */
export async function registerSeal(
  house: House,
  caller: Caller,
  sealId: string,
  input: SealRegistration,
  remember?: Remember<SealView>,
): Promise<SealView> {
  requireRole(caller, 'bureau.officer');
  const row = (await house.db.rows.seals.findByPk(sealId))?.get();
  if (!row) throw new Fault('NOT_FOUND');
  if (!nextSealState(row.state, 'register'))
    throw new Fault('SEAL_MOVE_REFUSED', { detail: `${row.state} → register` });
  await requireActive(house, row.organisationCode);
  const certificates = input.certificates.map(readCertificateText);
  const eseal = readBase64(input.eseal);
  const picture = input.picture === undefined ? undefined : (readBase64(input.picture) ?? new Uint8Array());
  const judged = await judgeExternalSeal(house, row, { eseal, certificates, picture });
  throwFaults([...judged.faults, ...(await checkKeys(house, row, input, judged.seal))]);
  if (!eseal || !judged.seal || !judged.picture) throw new Fault('REQUEST_INVALID');
  const { version, esId, validFrom, validTo } = judged.seal;
  const [signer = '', ...issuers] = certificates.map((der) => Buffer.from(der ?? []).toString('base64'));
  const rsaCertificates = (await findKey(house, input.rsaKeyId))?.certificates.slice(0, 1) ?? [];
  const values = {
    ...({ origin: 'registered', sesVersion: version, esId, validFrom, validTo } as const),
    ...{ eseal: Buffer.from(eseal), picture: Buffer.from(judged.picture) },
    ...{ sm2KeyId: input.sm2KeyId ?? null, rsaKeyId: input.rsaKeyId, service: input.service ?? null },
    certificates: [signer, ...rsaCertificates, ...issuers],
  };
  return withTransaction(house.db, async (tx) => {
    const view = viewSeal(await activateSeal(house, tx, caller, sealId, 'register', values));
    await remember?.(tx, view);
    return view;
  });
}

const findKey = (house: House, id: string) => house.db.rows.keys.findByPk(id);

/** Exactly one presses the seal: a key of the body whose certificate the seal lists, or a service. */
async function checkKeys(
  house: House,
  wanted: SealColumns,
  input: SealRegistration,
  seal: ParsedSeal | undefined,
): Promise<PointedFault[]> {
  const faults: PointedFault[] = [];
  if (!input.sm2KeyId && !input.service) faults.push({ pointer: '/sm2KeyId', code: 'FIELD_REQUIRED' });
  if (input.sm2KeyId && input.service) faults.push({ pointer: '/service', code: 'FIELD_UNKNOWN' });
  if (input.sm2KeyId) {
    const key = await findKey(house, input.sm2KeyId);
    const certificate = key?.certificates[0];
    if (!isSignerOf(wanted, key, 'SM2')) faults.push({ pointer: '/sm2KeyId', code: 'SEAL_KEY_UNKNOWN' });
    else if (seal && !isListedSigner(seal, new Uint8Array(Buffer.from(certificate ?? '', 'base64'))))
      faults.push({ pointer: '/sm2KeyId', code: 'FILE_MISMATCH', detail: 'SEAL_SIGNER_UNLISTED' });
  }
  if (!isSignerOf(wanted, await findKey(house, input.rsaKeyId), 'RSA'))
    faults.push({ pointer: '/rsaKeyId', code: 'SEAL_KEY_UNKNOWN' });
  return faults;
}

function isSignerOf(wanted: SealColumns, key: KeyColumns | null, algorithm: KeyColumns['algorithm']): boolean {
  return key?.purpose === 'signer' && key.algorithm === algorithm && key.organisationCode === wanted.organisationCode;
}
