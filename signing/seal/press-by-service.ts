/** Seals whose key lies at a service outside: it is given a digest and gives back a whole SES_Signature, which is held against
 *  what was asked before it goes into any file. */
import { OID } from '../der/oids.ts';
import { SigningError } from '../error.ts';
import { verifySm2 } from '../sm2/verify-sm2.ts';
import { checkValueStamp, stampValue } from '../tsp/stamp-value.ts';
import type { TimeStamper } from '../tsp/time-stamper.ts';
import { parseCertificate } from '../x509/parse-certificate.ts';
import { isWithinValidity, sameBytes } from '../x509/verify-chain.ts';
import { parseSesSignature } from './parse-seal.ts';
import type { ParsedStamp } from './parsed-seal.ts';
import { writeStampV4 } from './ses-v4.ts';
import { isListedSigner } from './verify-seal.ts';

/** Presses a seal over `dataHash` (SM3, 32 bytes), described at `propertyInfo`: gives SES_Signature, DER. */
export type PressSeal = (dataHash: Uint8Array, propertyInfo: string, at: Date) => Promise<Uint8Array>;

/** How far the service's clock may be from ours. */
const APART_MS = 5 * 60_000;
const VERSION = 4;

export interface AskedOfService {
  /** SESeal, DER. */
  readonly seal: Uint8Array;
  /** SM3, 32 bytes. */
  readonly dataHash: Uint8Array;
  readonly propertyInfo: string;
  readonly at: Date;
  /** Asked for a time-stamp when the service has put none beside its signature. */
  readonly timeStamper?: TimeStamper;
}

/** Have a seal pressed by its service. @throws SEAL_UNFIT with `reason`, when what came back is not what was asked for, or
 *  would not verify; TIME_STAMP_UNFIT for a time-stamp that proves nothing; whatever the service's port throws */
export async function pressByService(press: PressSeal, asked: AskedOfService): Promise<Uint8Array> {
  const value = await press(asked.dataHash, asked.propertyInfo, asked.at);
  const stamp = read(value);
  const reason = faultOf(stamp, asked);
  if (reason) throw new SigningError('SEAL_UNFIT', 'the seal service gave something else than was asked', { reason });
  const { timeStamp, signatureBytes, signedBytes, certificate } = stamp;
  if (timeStamp) checkValueStamp(timeStamp, signatureBytes);
  if (timeStamp || !asked.timeStamper) return value;
  const proof = await stampValue(asked.timeStamper, signatureBytes);
  return writeStampV4(signedBytes, certificate, signatureBytes, proof);
}

function read(value: Uint8Array): ParsedStamp {
  try {
    return parseSesSignature(value);
  } catch (cause) {
    throw new SigningError(
      'SEAL_UNFIT',
      'the seal service gave no stamp',
      { reason: 'SIGNATURE_MALFORMED' },
      { cause },
    );
  }
}

function faultOf(stamp: ParsedStamp, asked: AskedOfService): string | undefined {
  if (stamp.version !== VERSION || stamp.deviations.length > 0) return 'SIGNATURE_MALFORMED';
  if (!sameBytes(stamp.seal.raw, asked.seal)) return 'SEAL_MISMATCH';
  if (!sameBytes(stamp.dataHash, asked.dataHash) || stamp.propertyInfo !== asked.propertyInfo) return 'DIGEST_MISMATCH';
  if (Math.abs(stamp.signedAt.getTime() - asked.at.getTime()) > APART_MS) return 'TIME_IN_FUTURE';
  if (!isListedSigner(stamp.seal, stamp.certificate)) return 'SEAL_SIGNER_UNLISTED';
  const certificate = parseCertificate(stamp.certificate);
  if (!isWithinValidity(certificate, stamp.signedAt)) return 'CERTIFICATE_OUTSIDE_VALIDITY';
  const right =
    stamp.signatureAlgorithm === OID.sm2WithSm3 && verifySm2(certificate.publicKey, stamp.signedBytes, stamp.signature);
  return right ? undefined : 'SIGNATURE_INVALID';
}
