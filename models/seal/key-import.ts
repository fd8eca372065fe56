/** Take a key that was made elsewhere: from a key file, which is then encrypted under the house's own passphrase, or at the
 *  signing service, which has to show that it has it. */
import { z } from 'zod';
import {
  type KeyAlgorithm,
  type KeyFileContent,
  keyBitsOf,
  maySignDocuments,
  openKeyFile,
  orderCertificates,
  organisationCodeOf,
  parseCertificate,
  remoteKey,
  SigningError,
} from '../../signing/index.ts';
import { requireRole } from '../account/require-role.ts';
import { appendAudit } from '../audit/append-audit.ts';
import type { Caller, House, Remember } from '../house.ts';
import { Fault } from '../kernel/fault.ts';
import { requireActive } from '../organisation/require-active.ts';
import { withTransaction } from '../store/with-transaction.ts';
import { type KeyView, viewKey } from './key-view.ts';
import { type NewKey, storeKey } from './keys.ts';

const bytes = z.custom<Uint8Array>((value) => value instanceof Uint8Array);
const shared = {
  /** `signer` for a body's seal and signatures, `repository` for the repository's own statements. */
  purpose: z.enum(['signer', 'repository']),
  organisationCode: z.string().length(18).nullable(),
  maxUses: z.int().min(0).nullable().default(null),
  notAfterUse: z.coerce.date().nullable().default(null),
};

export const keyFileSchema = z.strictObject({
  ...shared,
  /** PKCS#12, or encrypted PKCS#8 in PEM or DER. */
  file: bytes,
  passphrase: z.string().max(1000),
  /** Certificates that are not in the file, DER. */
  certificates: z.array(bytes).max(20).default([]),
});

export const remoteKeySchema = z.strictObject({
  ...shared,
  /** What the signing service calls the key. */
  remoteKeyId: z.string().min(1).max(190),
  algorithm: z.enum(['SM2', 'RSA']),
  certificates: z.array(bytes).min(1).max(20),
});

type Facts = Pick<z.infer<typeof keyFileSchema>, 'purpose' | 'organisationCode' | 'maxUses' | 'notAfterUse'>;

/** Throws `KEY_FILE_REFUSED` (why, in the detail), `ALREADY_EXISTS`, `ORGANISATION_NOT_ACTIVE`. */
export async function importKey(
  house: House,
  caller: Caller,
  input: z.infer<typeof keyFileSchema>,
  remember?: Remember<KeyView>,
): Promise<KeyView> {
  requireRole(caller, 'admin.security');
  const { algorithm, pkcs8, certificates } = refuse(() =>
    openKeyFile(input.file, input.passphrase, input.certificates),
  );
  return store(house, caller, input, { algorithm, pkcs8, certificates }, remember);
}

/** Register a key of the signing service. Throws as `importKey`, and `KEY_SERVICE_UNAVAILABLE`, `KEY_SERVICE_REFUSED`;
 *  `KEY_FILE_REFUSED` also when what the service signs is not verified by the certificate. */
export async function registerRemoteKey(
  house: House,
  caller: Caller,
  input: z.infer<typeof remoteKeySchema>,
  remember?: Remember<KeyView>,
): Promise<KeyView> {
  requireRole(caller, 'admin.security');
  const { signDigest } = house;
  if (!signDigest) throw new Fault('KEY_SERVICE_UNAVAILABLE', { detail: 'ZHENGKU_KEY_SERVICE_URL' });
  const { remoteKeyId, algorithm } = input;
  const { publicKey, certificates } = refuse(() => {
    const own = parseCertificate(input.certificates[0] ?? new Uint8Array());
    return { publicKey: own.publicKey, certificates: orderCertificates(own.publicKey, input.certificates) };
  });
  const challenge = Buffer.concat([Buffer.from('zhengku key challenge '), house.random(32)]);
  const key = refuse(() => remoteKey({ keyId: remoteKeyId, algorithm, publicKey }, signDigest));
  await key.sign(challenge).catch((error: unknown) => {
    throw refusalOf(error);
  });
  return store(house, caller, input, { algorithm, pkcs8: { remoteKeyId }, certificates }, remember);
}

function refuse<T>(act: () => T): T {
  try {
    return act();
  } catch (error) {
    throw refusalOf(error);
  }
}

function refusalOf(cause: unknown): unknown {
  return cause instanceof SigningError ? new Fault('KEY_FILE_REFUSED', { detail: cause.code, cause }) : cause;
}

interface Taken extends Pick<NewKey, 'pkcs8'>, Pick<KeyFileContent, 'certificates'> {
  readonly algorithm: KeyAlgorithm;
}

async function store(
  house: House,
  caller: Caller,
  { purpose, organisationCode, ...limits }: Facts,
  taken: Taken,
  remember: Remember<KeyView> | undefined,
): Promise<KeyView> {
  if ((purpose === 'repository') !== (organisationCode === null))
    throw new Fault('KEY_FILE_REFUSED', { detail: 'PURPOSE' });
  if (organisationCode !== null) await requireActive(house, organisationCode);
  checkCertificate(house, taken.certificates[0] ?? new Uint8Array(), organisationCode);
  const { maxUses, notAfterUse } = limits;
  return withTransaction(house.db, async (transaction) => {
    const own = Buffer.from(taken.certificates[0] ?? []).toString('base64');
    const rows = await house.db.rows.keys.findAll({ where: { purpose, organisationCode }, transaction });
    if (rows.some(({ certificates: [known] }) => known === own)) throw new Fault('ALREADY_EXISTS');
    const facts = { purpose, organisationCode, limits: { maxUses, notAfterUse } };
    const keyId = await storeKey(house, transaction, { ...taken, ...facts });
    const provider = taken.pkcs8 instanceof Uint8Array ? 'software' : 'remote';
    const details = { keyId, purpose, organisationCode, provider };
    await appendAudit(house, transaction, caller, { act: 'key.import', details });
    const row = await house.db.rows.keys.findByPk(keyId, { transaction });
    if (!row) throw new Fault('INTERNAL');
    const view = viewKey(row.get());
    await remember?.(transaction, view);
    return view;
  });
}

const LEAST_RSA_BITS = 2048;

/** A certificate that is of a weak key, could not sign today, or says that it is somebody else's, is not taken. */
function checkCertificate(house: House, der: Uint8Array, organisationCode: string | null): void {
  const certificate = parseCertificate(der);
  const { keyAlgorithm, notBefore, notAfter } = certificate;
  const now = house.clock();
  if (keyAlgorithm === 'RSA' && (keyBitsOf(certificate) ?? 0) < LEAST_RSA_BITS)
    throw new Fault('KEY_FILE_REFUSED', { detail: 'KEY_WEAK' });
  if (!maySignDocuments(certificate)) throw new Fault('KEY_FILE_REFUSED', { detail: 'CERTIFICATE_USAGE' });
  if (now < notBefore || now > notAfter)
    throw new Fault('KEY_FILE_REFUSED', { detail: 'CERTIFICATE_OUTSIDE_VALIDITY' });
  const named = organisationCodeOf(certificate)?.replace('-', '');
  // the nine characters of GB 11714 stand inside the eighteen of GB 32100
  const foreign = named !== undefined && named !== organisationCode && named !== organisationCode?.slice(8, 17);
  if (organisationCode !== null && foreign) throw new Fault('KEY_FILE_REFUSED', { detail: 'ORGANISATION' });
}
