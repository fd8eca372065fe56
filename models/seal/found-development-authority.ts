/** The product's own root, issuing and seal-making keys, for development and demonstration. Every name says 测试专用. */
import { makeDevelopmentAuthority, makeDevelopmentMember } from '../../signing/index.ts';
import type { House } from '../house.ts';
import { withTransaction } from '../store/with-transaction.ts';
import { storeKey } from './keys.ts';
import { storeSealMaker } from './seal-makers.ts';

const REPOSITORY_YEARS = 10;

/** Make them once; later calls change nothing. Includes the repository's own SM2 and RSA keys; the maker of
 *  seals is put on the list of those accepted. */
export async function foundDevelopmentAuthority(house: House): Promise<boolean> {
  if ((await house.db.rows.keys.count({ where: { purpose: 'root' } })) > 0) return false;
  const request = { now: house.clock(), newSerial: () => newSerial(house) };
  const { sm2, rsa } = await makeDevelopmentAuthority(request);
  const repository = { ...request, profile: 'signer', commonName: '电子证照库', years: REPOSITORY_YEARS } as const;
  const own = {
    SM2: await makeDevelopmentMember({ ...repository, algorithm: 'SM2', issuer: sm2.issuing }),
    RSA: await makeDevelopmentMember({ ...repository, algorithm: 'RSA', issuer: rsa.issuing }),
  };
  const sm2Chain = [sm2.issuing.certificate, sm2.root.certificate];
  const rsaChain = [rsa.issuing.certificate, rsa.root.certificate];
  const members = [
    { algorithm: 'SM2', purpose: 'root', member: sm2.root, above: [] },
    { algorithm: 'SM2', purpose: 'issuing', member: sm2.issuing, above: sm2Chain.slice(1) },
    { algorithm: 'SM2', purpose: 'seal-maker', member: sm2.sealMaker, above: sm2Chain },
    { algorithm: 'SM2', purpose: 'repository', member: own.SM2, above: sm2Chain },
    { algorithm: 'RSA', purpose: 'root', member: rsa.root, above: [] },
    { algorithm: 'RSA', purpose: 'issuing', member: rsa.issuing, above: rsaChain.slice(1) },
    { algorithm: 'RSA', purpose: 'repository', member: own.RSA, above: rsaChain },
  ] as const;
  await withTransaction(house.db, async (tx) => {
    for (const { algorithm, purpose, member, above } of members) {
      const certificates = [member.certificate, ...above];
      await storeKey(house, tx, { algorithm, purpose, organisationCode: null, pkcs8: member.pkcs8, certificates });
    }
    const maker = { certificate: sm2.sealMaker.certificate, acceptedFrom: request.now, acceptedTo: null };
    await storeSealMaker(house, tx, { ...maker, reason: '开发制章人 the development maker', createdBy: 'zhengku' });
  });
  return true;
}

/** A positive serial number of 15 random bytes. */
export function newSerial(house: Pick<House, 'random'>): bigint {
  return BigInt(`0x01${Buffer.from(house.random(15)).toString('hex')}`);
}
