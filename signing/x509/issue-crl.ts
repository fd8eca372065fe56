/** Make certificate revocation lists, version 2 (RFC 5280 §5). */
import { OID } from '../der/oids.ts';
import { bitString, certificateTime, element, explicit, integer, sequence } from '../der/write-der.ts';
import { SigningError } from '../error.ts';
import type { SigningKey } from '../keys/signing-key.ts';
import { extension, keyIdentifier, signatureAlgorithmDer } from './issue-certificate.ts';
import { parseCertificate } from './parse-certificate.ts';

export interface RevokedEntry {
  readonly serial: bigint;
  readonly revokedAt: Date;
  /** CRLReason of RFC 5280 §5.3.1: 1 keyCompromise, 3 affiliationChanged, 4 superseded, 5 cessationOfOperation. */
  readonly reason?: number;
}

export interface CrlRequest {
  /** Certificate of the issuer, DER. */
  readonly issuer: Uint8Array;
  readonly signer: SigningKey;
  readonly number: bigint;
  readonly thisUpdate: Date;
  readonly nextUpdate: Date;
  readonly revoked: readonly RevokedEntry[];
}

/** Issue a revocation list, DER. @throws KEY_UNUSABLE when the key is not the issuer's */
export async function issueCrl(request: CrlRequest): Promise<Uint8Array> {
  const issuer = parseCertificate(request.issuer);
  if (Buffer.compare(issuer.publicKey, request.signer.publicKey) !== 0) {
    throw new SigningError('KEY_UNUSABLE', 'the signing key is not the key of the issuer');
  }
  const entries = request.revoked.map(({ serial, revokedAt, reason }) => {
    const why =
      reason === undefined ? [] : [sequence(extension(OID.reasonCode, false, element(0x0a, Uint8Array.of(reason))))];
    return sequence(integer(serial), certificateTime(revokedAt), ...why);
  });
  const keyId = issuer.subjectKeyId ?? keyIdentifier(issuer.publicKey);
  const algorithm = signatureAlgorithmDer(request.signer.algorithm);
  const tbs = sequence(
    integer(1),
    algorithm,
    issuer.subjectDer,
    certificateTime(request.thisUpdate),
    certificateTime(request.nextUpdate),
    ...(entries.length > 0 ? [sequence(...entries)] : []),
    explicit(
      0,
      sequence(
        extension(OID.authorityKeyIdentifier, false, sequence(element(0x80, keyId))),
        extension(OID.crlNumber, false, integer(request.number)),
      ),
    ),
  );
  return sequence(tbs, algorithm, bitString(await request.signer.sign(tbs)));
}
