/** Open the seal with which a body's licences are sealed. Only the issuer's own people use it, or the repository where the
 *  catalogue entry lets it seal on the issuer's behalf (C-7.1-4). */
import type { CatalogueColumns } from '../catalogue/rows.ts';
import type { Caller, House } from '../house.ts';
import { Fault } from '../kernel/fault.ts';
import type { SealMaterial } from '../sealing/sealer.ts';
import { type OpenKey, openKey } from './keys.ts';
import type { SealColumns } from './rows.ts';

/** Throws `SEAL_NOT_ALLOWED`, `DELEGATION_NOT_ALLOWED`, `SEAL_MISSING`. */
export async function openSeal(
  house: House,
  caller: Caller,
  issuingBody: string,
  entry: CatalogueColumns,
): Promise<SealMaterial & { readonly sealId: string }> {
  if (caller.type === 'house') {
    if (!entry.definition.delegation) throw new Fault('DELEGATION_NOT_ALLOWED');
  } else if (caller.organisationCode !== issuingBody) {
    throw new Fault('SEAL_NOT_ALLOWED');
  }
  const row = await findSeal(house, issuingBody);
  return {
    sealId: row.id,
    eseal: new Uint8Array(row.eseal),
    picture: new Uint8Array(row.picture),
    name: row.name,
    sm2: withoutKeyObject(await openKey(house, row.sm2KeyId)),
    rsa: withoutKeyObject(await openKey(house, row.rsaKeyId)),
  };
}

/** The SM2 key behind a body's seal, for its own statements (review rules). */
export async function openSealKey(
  house: House,
  issuingBody: string,
): Promise<{ readonly key: OpenKey['key']; readonly keyId: string }> {
  const row = await findSeal(house, issuingBody);
  const { key, id } = await openKey(house, row.sm2KeyId);
  return { key, keyId: id };
}

async function findSeal(house: House, organisationCode: string): Promise<SealColumns> {
  const rows = await house.db.rows.seals.findAll({
    where: { organisationCode, state: 'active' },
    order: [['id', 'DESC']],
  });
  const now = house.clock();
  const row = rows.find((seal) => seal.validFrom <= now && now <= seal.validTo);
  if (!row) throw new Fault('SEAL_MISSING');
  return row.get();
}

/** Only plain values travel to a sealing worker. */
function withoutKeyObject({ pkcs8, certificates }: OpenKey) {
  return { pkcs8, certificates };
}
