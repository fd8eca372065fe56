/** Private keys: at rest encrypted, or at the signing service. Opened ones are kept by the process, because opening is slow
 *  on purpose. */
import {
  decryptKey,
  encryptKey,
  type KeyMaterial,
  parseCertificate,
  remoteKey,
  SigningError,
  type SigningKey,
  softwareKeyFromPkcs8,
} from '../../signing/index.ts';
import type { House } from '../house.ts';
import { Fault } from '../kernel/fault.ts';
import type { Tx } from '../store/with-transaction.ts';
import { findBarredCertificates } from './development-made.ts';
import type { KeyColumns } from './rows.ts';

export interface OpenKey {
  readonly id: string;
  readonly key: SigningKey;
  /** DER, the key's own first, its issuers after it. */
  readonly certificates: readonly Uint8Array[];
  /** What a thread that seals is told of the key. */
  readonly material: KeyMaterial;
  /** Of a software key. Throws `KEY_NOT_HERE` for one that lies at the signing service. */
  readonly pkcs8: Uint8Array;
}

const opened = new WeakMap<House['db'], Map<string, OpenKey>>();

/** Throws `SEAL_MISSING` when there is no such key, `KEY_SERVICE_UNAVAILABLE` when its service is not connected,
 *  `KEY_PASSPHRASE_WRONG` when the house's passphrase does not open it. */
export async function openKey(house: House, keyId: string): Promise<OpenKey> {
  const known = opened.get(house.db) ?? new Map<string, OpenKey>();
  opened.set(house.db, known);
  const kept = known.get(keyId);
  if (kept) return kept;
  const row = await house.db.rows.keys.findByPk(keyId);
  if (!row) throw new Fault('SEAL_MISSING');
  const open = row.provider === 'remote' ? openRemote(house, row) : openSoftware(house, row);
  known.set(keyId, open);
  return open;
}

const toDer = (texts: readonly string[]) => texts.map((text) => new Uint8Array(Buffer.from(text, 'base64')));

function openSoftware(house: House, row: KeyColumns): OpenKey {
  const pkcs8 = decryptRow(row, house.keyPassphrase);
  const certificates = toDer(row.certificates);
  const material: KeyMaterial = { kind: 'software', pkcs8, certificates };
  return { id: row.id, key: softwareKeyFromPkcs8(pkcs8), certificates, material, pkcs8 };
}

/** The PKCS#8 of a key that lies here. Throws `KEY_PASSPHRASE_WRONG`. */
export function decryptRow(
  { id, encryptedPkcs8 }: Pick<KeyColumns, 'id' | 'encryptedPkcs8'>,
  passphrase: string,
): Uint8Array {
  try {
    return decryptKey(encryptedPkcs8, passphrase);
  } catch (cause) {
    const shut = cause instanceof SigningError && cause.code === 'KEY_UNUSABLE';
    throw shut ? new Fault('KEY_PASSPHRASE_WRONG', { detail: id, cause }) : cause;
  }
}

function openRemote({ signDigest }: House, row: KeyColumns): OpenKey {
  if (!signDigest) throw new Fault('KEY_SERVICE_UNAVAILABLE', { detail: 'ZHENGKU_KEY_SERVICE_URL' });
  const certificates = toDer(row.certificates);
  const { publicKey } = parseCertificate(certificates[0] ?? new Uint8Array());
  const reference = { keyId: row.remoteKeyId ?? '', algorithm: row.algorithm, publicKey };
  return {
    ...{ id: row.id, certificates, material: { kind: 'remote', ...reference, certificates } },
    key: remoteKey(reference, signDigest),
    get pkcs8(): Uint8Array {
      throw new Fault('KEY_NOT_HERE');
    },
  };
}

export interface NewKey {
  readonly algorithm: KeyColumns['algorithm'];
  readonly purpose: KeyColumns['purpose'];
  readonly organisationCode: string | null;
  /** The key itself, or what the signing service calls it. */
  readonly pkcs8: Uint8Array | { readonly remoteKeyId: string };
  /** Own certificate first, its issuers after it. */
  readonly certificates: readonly Uint8Array[];
  readonly limits?: KeyLimits;
}

/** How often and how long a key may be used; null: without limit. */
export interface KeyLimits {
  readonly maxUses: number | null;
  readonly notAfterUse: Date | null;
}

const UNLIMITED: KeyLimits = { maxUses: null, notAfterUse: null };

export async function storeKey(house: House, tx: Tx, key: NewKey): Promise<string> {
  const id = house.newId();
  const { algorithm, purpose, organisationCode, certificates, limits = UNLIMITED } = key;
  await house.db.rows.keys.create(
    {
      ...{ id, algorithm, purpose, organisationCode, ...limits },
      ...placeOf(house, key.pkcs8),
      certificates: certificates.map((der) => Buffer.from(der).toString('base64')),
      state: 'active',
      uses: 0,
      createdAt: house.clock(),
    },
    { transaction: tx },
  );
  return id;
}

function placeOf(house: House, key: NewKey['pkcs8']): Pick<KeyColumns, 'provider' | 'encryptedPkcs8' | 'remoteKeyId'> {
  if (!(key instanceof Uint8Array)) return { provider: 'remote', encryptedPkcs8: '', remoteKeyId: key.remoteKeyId };
  const { keyPassphrase, keyRounds, random } = house;
  const rounds = keyRounds === undefined ? {} : { iterations: keyRounds };
  const encryptedPkcs8 = encryptKey(key, keyPassphrase, { salt: random(16), iv: random(16), ...rounds });
  return { provider: 'software', encryptedPkcs8, remoteKeyId: null };
}

/** The house's own key of a purpose: the development authority's, or the repository's for receipts and statements. The
 *  newest that may be used, so that an imported key takes the place of the one before. In production a repository key that
 *  the development authority has certified is none. Throws as `openKey`. */
export async function openHouseKey(
  house: House,
  purpose: KeyColumns['purpose'],
  algorithm: KeyColumns['algorithm'],
): Promise<OpenKey> {
  const rows = await house.db.rows.keys.findAll({
    where: { purpose, algorithm, organisationCode: null, state: 'active' },
    attributes: ['id', 'certificates'],
    order: [['id', 'DESC']],
  });
  const barred = purpose === 'repository' ? await findBarredCertificates(house) : new Set();
  const row = rows.find(({ certificates }) => !certificates.some((one) => barred.has(one)));
  if (!row) throw new Fault('SEAL_MISSING', { detail: `${purpose} ${algorithm}` });
  return openKey(house, row.id);
}
