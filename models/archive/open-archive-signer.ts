/** What the repository signs archive volumes with: its SM2 key, the chain above it, the revocation lists that are known, and a
 *  time-stamp where an authority is set. */
import { type GmSignRequest, gatherProof, reachesRoot } from '../../signing/index.ts';
import type { House } from '../house.ts';
import { Fault } from '../kernel/fault.ts';
import { findCrls } from '../revocation/find-crls.ts';
import { recordKeyUse } from '../seal/key-use.ts';
import { openHouseKey } from '../seal/keys.ts';
import { openSigner } from '../sealing/open-signer.ts';
import { requireFitCertificate } from '../sealing/require-fit-certificate.ts';
import { withTransaction } from '../store/with-transaction.ts';
import { loadTrust } from '../verification/trust.ts';

/** One use of the key is counted. Throws `SEAL_MISSING`, `CHAIN_INCOMPLETE`, `CERTIFICATE_REVOKED`, `CERTIFICATE_EXPIRED`,
 *  `KEY_LIMIT_REACHED`. */
export async function openArchiveSigner(house: House): Promise<GmSignRequest> {
  const { id, material } = await openHouseKey(house, 'repository', 'SM2');
  await requireFitCertificate(house, 'repository SM2', material.certificates);
  const [own = new Uint8Array(), ...above] = material.certificates;
  const known = [...above, ...(await loadTrust(house))];
  const { certificates, crls } = gatherProof([own], known, await findCrls(house));
  const chain = certificates.filter((der) => Buffer.compare(der, own) !== 0);
  if (!reachesRoot([own, ...chain])) throw new Fault('CHAIN_INCOMPLETE', { detail: 'repository SM2' });
  await withTransaction(house.db, (tx) => recordKeyUse(house, tx, [id]));
  const stamped = house.stampSm3 ? { timeStamper: { hash: 'sm3' as const, stamp: house.stampSm3 } } : {};
  return { signer: openSigner(material, house), chain, crls, at: house.clock(), ...stamped };
}
