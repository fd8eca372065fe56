/** The development authority's own revocation lists, issued from what it has revoked. Kept by the process for a day, or
 *  until something is revoked. */
import { CRL_REASONS, issueCrl, type ListName } from '../../signing/index.ts';
import type { House } from '../house.ts';
import { openHouseKey } from '../seal/keys.ts';
import type { ReasonName } from './revoke-certificate.ts';

const DAY_MS = 86_400_000;
const LIST_MS = 30 * DAY_MS;
/** A list clears no certificate that began after it; those of this authority begin a day before they are made. */
const KEPT_MS = DAY_MS;

export type DevelopmentLists = ReadonlyMap<ListName, Uint8Array>;

interface Kept {
  readonly revocations: number;
  readonly issuedAt: number;
  readonly lists: DevelopmentLists;
}

const kept = new WeakMap<House['db'], Kept>();

/** DER by name. Empty in a house without a development authority. */
export async function issueDevelopmentLists(house: House): Promise<DevelopmentLists> {
  if (house.mode === 'production') return new Map();
  const now = house.clock().getTime();
  const revocations = await house.db.rows.revokedCertificates.count();
  const known = kept.get(house.db);
  const current = known && now >= known.issuedAt && now <= known.issuedAt + KEPT_MS;
  if (current && known.revocations === revocations) return known.lists;
  const lists = await issueAll(house);
  kept.set(house.db, { revocations, issuedAt: now, lists });
  return lists;
}

async function issueAll(house: House): Promise<DevelopmentLists> {
  const lists = new Map<ListName, Uint8Array>();
  if ((await house.db.rows.keys.count({ where: { purpose: 'root' } })) === 0) return lists;
  for (const purpose of ['root', 'issuing'] as const)
    for (const algorithm of ['SM2', 'RSA'] as const)
      lists.set(`${purpose}-${algorithm === 'SM2' ? 'sm2' : 'rsa'}`, await issue(house, purpose, algorithm));
  return lists;
}

async function issue(house: House, purpose: 'root' | 'issuing', algorithm: 'SM2' | 'RSA'): Promise<Uint8Array> {
  const { id: issuerKeyId, key, certificates } = await openHouseKey(house, purpose, algorithm);
  const rows = await house.db.rows.revokedCertificates.findAll({ where: { issuerKeyId }, order: [['id', 'ASC']] });
  const thisUpdate = house.clock();
  return issueCrl({
    issuer: certificates[0] ?? new Uint8Array(),
    signer: key,
    number: BigInt(thisUpdate.getTime()),
    thisUpdate,
    nextUpdate: new Date(thisUpdate.getTime() + LIST_MS),
    revoked: rows.map(({ serial, revokedAt, reason, invalidSince }) => ({
      serial: BigInt(`0x${serial}`),
      revokedAt,
      reason: CRL_REASONS[reason as ReasonName],
      ...(invalidSince ? { invalidSince } : {}),
    })),
  });
}
