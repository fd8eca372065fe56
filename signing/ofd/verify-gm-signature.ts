/** Judge a signature of Type Sign: GB/T 35275 SignedData whose SM2 signature is over the 32 bytes of
 *  SM3(Signature.xml), hashed once more, or over signed attributes whose messageDigest they are. */
import { OID } from '../der/oids.ts';
import { toOctetString, toTime } from '../der/read-values.ts';
import { SigningError } from '../error.ts';
import { readTextTime } from '../seal/read-text-time.ts';
import { verifySm2 } from '../sm2/verify-sm2.ts';
import { check, passed } from '../verify/check-words.ts';
import { judgeTime } from '../verify/judge-time.ts';
import type { Check } from '../verify/report.ts';
import { judgeCertificate } from '../x509/judge-certificate.ts';
import type { TrustStore } from '../x509/trust-store.ts';
import { sameBytes } from '../x509/verify-chain.ts';
import { type GmSignedData, readGmSignedData } from './read-gm-signed-data.ts';

export interface GmSignatureUse {
  /** SM3 of Signature.xml. */
  readonly dataHash: Uint8Array;
  /** SignatureDateTime of Signature.xml: signed, in free form. */
  readonly dateTime: string | undefined;
  readonly store: TrustStore;
  readonly where: string;
}

/** Whether what stands inside is what must be protected. */
function isSameContent(signed: GmSignedData, dataHash: Uint8Array): boolean {
  const stated = signed.attributes?.get(OID.messageDigest);
  if (signed.content && !sameBytes(signed.content, dataHash)) return false;
  return signed.attributes === undefined || (stated !== undefined && sameBytes(toOctetString(stated), dataHash));
}

function signingTime(signed: GmSignedData, dateTime: string | undefined): Date | undefined {
  const attribute = signed.attributes?.get(OID.signingTime);
  if (attribute) return toTime(attribute);
  try {
    return dateTime === undefined ? undefined : readTextTime(Buffer.from(dateTime));
  } catch (error) {
    if (error instanceof SigningError) return undefined;
    throw error;
  }
}

/** Judge the SignedData `der`. @throws MALFORMED when it cannot be read */
export function verifyGmSignature(
  der: Uint8Array,
  use: GmSignatureUse,
): { readonly checks: readonly Check[]; readonly trusted: boolean | null } {
  const { store, where, dataHash } = use;
  const signed = readGmSignedData(der);
  const message = signed.attributeBytes ?? dataHash;
  const right = verifySm2(signed.certificate.publicKey, message, signed.signature);
  const at = signingTime(signed, use.dateTime);
  const same = isSameContent(signed, dataHash);
  // without a claim of its own the signature is judged as if it were made now
  const judged = judgeCertificate(signed.certificate, store, at ?? store.now, where, signed.others);
  const checks = [
    same ? passed('digest', where) : check('digest', 'failed', 'DIGEST_MISMATCH', where),
    right ? passed('signature', where) : check('signature', 'failed', 'SIGNATURE_INVALID', where),
    at ? judgeTime(at, store.now, where) : check('time', 'not-judged', 'TIME_MISSING', where),
    check('seal', 'not-judged', 'NO_SEAL', where),
    ...judged.checks,
  ];
  return { checks, trusted: judged.trusted };
}
