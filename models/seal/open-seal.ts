/** Open the seal with which a body's licences are sealed: for the issuer's own people, for bodies it has authorised, and for
 *  the repository where the catalogue entry lets it seal on the issuer's behalf (C-7.1-4). */
import type { CatalogueColumns } from '../catalogue/rows.ts';
import type { Caller, House } from '../house.ts';
import { Fault } from '../kernel/fault.ts';
import { requireFitCertificate } from '../sealing/require-fit-certificate.ts';
import type { SealMaterial } from '../sealing/sealer.ts';
import { withTransaction } from '../store/with-transaction.ts';
import { isBarredSeal } from './development-made.ts';
import { findAuthorisations } from './find-authorisations.ts';
import { recordKeyUse } from './key-use.ts';
import { type OpenKey, openKey } from './keys.ts';
import type { SealColumns } from './rows.ts';
import { beginSealUse, type SealInUse } from './seal-use.ts';

/** Generation that our own stamps can hold (GB/T 38540-2020). */
const PRESSED_HERE = 4;

export interface OpenedSeal extends SealInUse {
  readonly material: SealMaterial;
}

type SealedEntry = Pick<CatalogueColumns, 'code' | 'definition'>;

/** Throws `SEAL_NOT_ALLOWED`, `DELEGATION_NOT_ALLOWED`, `SEAL_MISSING`, `SEAL_FROZEN`, `SEAL_EXPIRED`, `SEAL_GENERATION`,
 *  and `CERTIFICATE_REVOKED`, `CERTIFICATE_EXPIRED` before a key is used, and `DEVELOPMENT_ONLY` for a body that has, in production,
 *  only seals of the built-in maker; as `openKey`. */
export async function openSeal(
  house: House,
  caller: Caller,
  issuingBody: string,
  entry: SealedEntry,
): Promise<OpenedSeal> {
  const permitted = await findPermittedSeals(house, caller, issuingBody, entry);
  const row = pickSeal(house, permitted);
  const { eseal, picture, name, rsaKeyId } = row;
  if (!eseal || !picture || !rsaKeyId) throw new Fault('SEAL_MISSING');
  const { material: rsa } = await openKey(house, rsaKeyId);
  await requireFitCertificate(house, 'RSA', rsa.certificates);
  const shown = { eseal: new Uint8Array(eseal), picture: new Uint8Array(picture), name, rsa };
  if (row.sesVersion !== PRESSED_HERE) throw new Fault('SEAL_GENERATION');
  if (row.service !== null) {
    await requireFitCertificate(house, 'SM2', certificatesOf(row));
    const sm2 = { kind: 'service', service: row.service, esId: row.esId ?? '' } as const;
    return { sealId: row.id, keyIds: [rsaKeyId], material: { ...shown, sm2 } };
  }
  if (!row.sm2KeyId) throw new Fault('SEAL_MISSING');
  const { material: sm2 } = await openKey(house, row.sm2KeyId);
  await requireFitCertificate(house, 'SM2', sm2.certificates);
  return { sealId: row.id, keyIds: [row.sm2KeyId, rsaKeyId], material: { ...shown, sm2 } };
}

/** Of the SM2 signer and whoever issued it, as they were handed in with a seal that a service holds. */
function certificatesOf({ certificates }: SealColumns): Uint8Array[] {
  const [sm2, _rsa, ...issuers] = certificates ?? [];
  return [sm2 ?? '', ...issuers].filter(Boolean).map((text) => new Uint8Array(Buffer.from(text, 'base64')));
}

async function findPermittedSeals(
  house: House,
  caller: Caller,
  issuingBody: string,
  entry: SealedEntry,
): Promise<readonly SealColumns[]> {
  if (caller.type === 'house') {
    if (!entry.definition.delegation) throw new Fault('DELEGATION_NOT_ALLOWED');
    return findSeals(house, issuingBody);
  }
  if (caller.organisationCode === issuingBody) return findSeals(house, issuingBody);
  const authorised = new Set(await findAuthorisations(house, caller, entry.code));
  const permitted = (await findSeals(house, issuingBody)).filter(({ id }) => authorised.has(id));
  if (permitted.length === 0) throw new Fault('SEAL_NOT_ALLOWED');
  return permitted;
}

/** The body's unit seals that are made and not ended, the newest first. */
async function findSeals(house: House, organisationCode: string): Promise<SealColumns[]> {
  const rows = await house.db.rows.seals.findAll({
    where: { organisationCode, kind: 'unit', state: ['active', 'frozen'] },
    order: [['id', 'DESC']],
  });
  return rows.map((row) => row.get());
}

function pickSeal(house: House, all: readonly SealColumns[]): SealColumns {
  const now = house.clock();
  const seals = all.filter((seal) => !isBarredSeal(house, seal));
  if (seals.length === 0 && all.length > 0) throw new Fault('DEVELOPMENT_ONLY');
  const active = seals.filter(({ state }) => state === 'active');
  const usable = active.find(
    ({ validFrom, validTo }) => validFrom !== null && validTo !== null && validFrom <= now && now <= validTo,
  );
  if (usable) return usable;
  if (active.length > 0) throw new Fault('SEAL_EXPIRED');
  throw new Fault(seals.length > 0 ? 'SEAL_FROZEN' : 'SEAL_MISSING');
}

/** The SM2 key behind a body's seal, for its own statement `subjectId` (a review rule). The use is on record before the key is
 *  given; whoever takes it closes the use. Throws as `openSeal`. */
export async function openSealKey(
  house: House,
  caller: Caller,
  issuingBody: string,
  subjectId: string,
): Promise<{ readonly key: OpenKey['key']; readonly keyId: string }> {
  const seals = await findSeals(house, issuingBody);
  const row = pickSeal(
    house,
    seals.filter(({ service }) => service === null),
  );
  if (!row.sm2KeyId) throw new Fault('SEAL_MISSING');
  const { key, id, certificates } = await openKey(house, row.sm2KeyId);
  await requireFitCertificate(house, 'SM2', certificates);
  const use = { sealId: row.id, keyIds: [id], subject: 'review-rule', subjectId, onBehalfOf: issuingBody } as const;
  await withTransaction(house.db, async (tx) => {
    await beginSealUse(house, tx, caller, use);
    await recordKeyUse(house, tx, [id]);
  });
  return { key, keyId: id };
}
