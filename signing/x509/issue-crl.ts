/** Make certificate revocation lists, version 2 (RFC 5280 §5). */
import { OID } from '../der/oids.ts';
import { element, generalizedTime, integer } from '../der/write-der.ts';
import { SigningError } from '../error.ts';
import type { SigningKey } from '../keys/signing-key.ts';
import { repeatName } from './distinguished-name.ts';
import { keyIdentifier } from './issue-certificate.ts';
import { parseCertificate } from './parse-certificate.ts';
import {
  AuthorityKeyIdentifierExtension,
  Extension,
  handleCrypto,
  toHex,
  toKeyHandle,
  X509CrlGenerator,
} from './peculiar.ts';

export interface RevokedEntry {
  readonly serial: bigint;
  readonly revokedAt: Date;
  /** A number of CRL_REASONS (RFC 5280 §5.3.1). */
  readonly reason?: number;
  /** Since when the key is suspected (RFC 5280 §5.3.2). */
  readonly invalidSince?: Date;
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

const ENUMERATED = 0x0a;

/** Every entry states its reason, `unspecified` for want of a better: the library would write an empty list of
 *  extensions into an entry without, which RFC 5280 §5.1 does not allow. */
function toEntry({ serial, revokedAt, reason = 0, invalidSince }: RevokedEntry) {
  const extensions = [new Extension(OID.reasonCode, false, element(ENUMERATED, Uint8Array.of(reason)))];
  if (invalidSince) extensions.push(new Extension(OID.invalidityDate, false, generalizedTime(invalidSince)));
  return { serialNumber: toHex(serial), revocationDate: revokedAt, extensions };
}

/** Issue a revocation list, DER.
 * @throws KEY_UNUSABLE when the key is not the issuer's, CERTIFICATE_UNFIT when a serial number is listed
 * twice or the issuer's name cannot be repeated */
export async function issueCrl(request: CrlRequest): Promise<Uint8Array> {
  const issuer = parseCertificate(request.issuer);
  if (Buffer.compare(issuer.publicKey, request.signer.publicKey) !== 0) {
    throw new SigningError('KEY_UNUSABLE', 'the signing key is not the key of the issuer');
  }
  if (new Set(request.revoked.map(({ serial }) => serial)).size < request.revoked.length) {
    throw new SigningError('CERTIFICATE_UNFIT', 'a serial number is listed twice');
  }
  const signingKey = toKeyHandle(request.signer);
  const crl = await X509CrlGenerator.create(
    {
      issuer: repeatName(issuer.subjectDer),
      thisUpdate: request.thisUpdate,
      nextUpdate: request.nextUpdate,
      entries: request.revoked.map(toEntry),
      extensions: [
        new AuthorityKeyIdentifierExtension(toHex(issuer.subjectKeyId ?? keyIdentifier(issuer.publicKey))),
        new Extension(OID.crlNumber, false, integer(request.number)),
      ],
      signingAlgorithm: signingKey.algorithm,
      signingKey,
    },
    handleCrypto,
  );
  return new Uint8Array(crl.rawData);
}
