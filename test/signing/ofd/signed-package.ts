/** An office that seals and signs with a clock at hand: chains up to the roots, revocation lists, time-stamps of SM2. */
import { softwareKeyFromPkcs8 } from '../../../signing/keys/software-key.ts';
import { pressSeal } from '../../../signing/ofd/seal-ofd.ts';
import { addSignature, type OfdSignRequest } from '../../../signing/ofd/sign-ofd.ts';
import { makeTimeStampToken } from '../../../signing/tsp/make-time-stamp-token.ts';
import { writeImprint } from '../../../signing/tsp/message-imprint.ts';
import type { TimeStamper } from '../../../signing/tsp/time-stamper.ts';
import { issueCrl } from '../../../signing/x509/issue-crl.ts';
import { writePackage } from '../../../signing/zip/write-package.ts';
import { makeMember } from '../x509/certificates.ts';
import { LATER, MADE, makeOffice, SIGNED, smallPackage } from './sealed-package.ts';

/** When the clock of the office stamps. */
export const STAMPED = new Date('2026-06-02T03:05:00Z');

export async function makeSigningOffice() {
  const office = await makeOffice();
  const { root, issuing, tsa } = office.authority.sm2;
  const chain = [issuing.certificate, root.certificate];
  const clock = (member: { readonly pkcs8: Uint8Array; readonly certificate: Uint8Array }, at: Date): TimeStamper => ({
    hash: 'sm3',
    stamp: (digest) =>
      makeTimeStampToken(
        {
          key: softwareKeyFromPkcs8(member.pkcs8),
          certificate: member.certificate,
          chain: [],
          policy: '1.2.3.4',
        },
        { imprint: writeImprint('sm3', digest), certificates: true, serial: 7n, at },
      ),
  });
  type Revoked = readonly { readonly serial: bigint; readonly revokedAt: Date }[];
  const listOf = (revoked: Revoked = [], issuer = issuing) =>
    issueCrl({
      issuer: issuer.certificate,
      signer: softwareKeyFromPkcs8(issuer.pkcs8),
      number: 1n,
      thisUpdate: MADE,
      nextUpdate: LATER,
      revoked,
    });
  const repository = await office.member('证照库');
  const crls = [await listOf(), await listOf([], root)];
  const outer: OfdSignRequest = {
    signer: repository,
    chain,
    provider: office.request.provider,
    at: SIGNED,
    certificates: [office.signer.certificate, office.maker.certificate, tsa.certificate],
    crls,
    timeStamper: clock(tsa, STAMPED),
  };
  const stranger = await makeMember('SM2', 'root', '外人');
  /** Sealed and signed in one go, zipped once. */
  const finish = async (changes: Partial<OfdSignRequest> = {}, seal = office.request) =>
    writePackage((await addSignature(await pressSeal(smallPackage(), seal), { ...outer, ...changes })).files);
  return { ...office, chain, clock, tsa, crls, listOf, repository, outer, finish, stranger };
}
