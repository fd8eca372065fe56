/** Private keys at rest are encrypted; opened ones are kept by the process, because opening is slow on purpose. */
import { decryptKey, encryptKey, type SigningKey, softwareKeyFromPkcs8 } from '../../signing/index.ts';
import type { House } from '../house.ts';
import { Fault } from '../kernel/fault.ts';
import type { SignerMaterial } from '../sealing/sealer.ts';
import type { Tx } from '../store/with-transaction.ts';
import type { KeyColumns } from './rows.ts';

export interface OpenKey extends SignerMaterial {
  readonly id: string;
  readonly key: SigningKey;
}

const opened = new WeakMap<House['db'], Map<string, OpenKey>>();

/** Throws `SEAL_MISSING` when there is no such key. */
export async function openKey(house: House, keyId: string): Promise<OpenKey> {
  const known = opened.get(house.db) ?? new Map<string, OpenKey>();
  opened.set(house.db, known);
  const kept = known.get(keyId);
  if (kept) return kept;
  const row = await house.db.rows.keys.findByPk(keyId);
  if (!row) throw new Fault('SEAL_MISSING');
  const pkcs8 = decryptKey(row.encryptedPkcs8, house.keyPassphrase);
  const certificates = row.certificates.map((text) => new Uint8Array(Buffer.from(text, 'base64')));
  const open: OpenKey = { id: keyId, pkcs8, certificates, key: softwareKeyFromPkcs8(pkcs8) };
  known.set(keyId, open);
  return open;
}

export interface NewKey {
  readonly algorithm: KeyColumns['algorithm'];
  readonly purpose: KeyColumns['purpose'];
  readonly organisationCode: string | null;
  readonly pkcs8: Uint8Array;
  /** Own certificate first, its issuers after it. */
  readonly certificates: readonly Uint8Array[];
}

export async function storeKey(house: House, tx: Tx, key: NewKey): Promise<string> {
  const id = house.newId();
  await house.db.rows.keys.create(
    {
      id,
      algorithm: key.algorithm,
      purpose: key.purpose,
      organisationCode: key.organisationCode,
      encryptedPkcs8: encryptKey(key.pkcs8, house.keyPassphrase, { salt: house.random(16), iv: house.random(16) }),
      certificates: key.certificates.map((der) => Buffer.from(der).toString('base64')),
      createdAt: house.clock(),
    },
    { transaction: tx },
  );
  return id;
}

/** The house's own key of a purpose: the development authority's, or the repository's for receipts and statements. */
export async function openHouseKey(
  house: House,
  purpose: KeyColumns['purpose'],
  algorithm: KeyColumns['algorithm'],
): Promise<OpenKey> {
  const row = await house.db.rows.keys.findOne({
    where: { purpose, algorithm, organisationCode: null },
    order: [['id', 'ASC']],
  });
  if (!row) throw new Fault('SEAL_MISSING', { detail: `${purpose} ${algorithm}` });
  return openKey(house, row.id);
}
