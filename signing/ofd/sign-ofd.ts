/** The outer signature of a package (签名, Type Sign): GB/T 35275 SignedData over everything that is there, earlier seals and
 *  signatures included. Others may sign after it. Proof for later is kept beside the signature: certificates, revocation
 *  lists, a time-stamp over its value. */
import { SigningError } from '../error.ts';
import { type CertifiedKey, checkCertifiedKey } from '../seal/make-seal.ts';
import { stampValue } from '../tsp/stamp-value.ts';
import type { TimeStamper } from '../tsp/time-stamper.ts';
import { isClosed } from '../x509/check-brought-along.ts';
import { maySignDocuments } from '../x509/may-sign-documents.ts';
import { type ParsedCertificate, parseCertificate } from '../x509/parse-certificate.ts';
import { parseCrl } from '../x509/parse-crl.ts';
import { isWithinValidity } from '../x509/verify-chain.ts';
import { writePackage } from '../zip/write-package.ts';
import { openOfd } from './open-ofd.ts';
import type { OfdPackage } from './package.ts';
import { signPackage } from './sign-package.ts';
import { writeGmSignedData } from './write-gm-signed-data.ts';
import type { Provider } from './write-signature-xml.ts';

export interface OfdSignRequest {
  /** SM2. */
  readonly signer: CertifiedKey;
  /** DER, from the signer's issuer up to a root: a file must not bring certificates along that nothing in it proves. */
  readonly chain: readonly Uint8Array[];
  readonly provider: Provider;
  readonly at: Date;
  /** DER: further certificates for later, such as the chains of seal maker and time-stamp authority, each up to a root. */
  readonly certificates?: readonly Uint8Array[];
  /** DER revocation lists, each of an issuer among the certificates. */
  readonly crls?: readonly Uint8Array[];
  /** Asked for a time-stamp over the signature value. */
  readonly timeStamper?: TimeStamper;
}

/** What the signature brings along, judged fit to be brought. */
interface Brought {
  readonly signer: ParsedCertificate;
  readonly certificates: readonly Uint8Array[];
  readonly crls: readonly Uint8Array[];
}

function gather(request: OfdSignRequest): Brought {
  const signer = parseCertificate(request.signer.certificate);
  const certificates = [signer.raw, ...request.chain, ...(request.certificates ?? [])];
  const crls = request.crls ?? [];
  if (!isClosed({ certificates: certificates.map(parseCertificate), crls: crls.map(parseCrl) })) {
    const reason = 'CERTIFICATE_CHAIN_BROKEN';
    throw new SigningError('CERTIFICATE_UNFIT', 'a certificate or list whose issuer is not brought along', { reason });
  }
  return { signer, certificates, crls };
}

/** Sign a package, sealed or not; it can be signed again, or written.
 *  @throws KEY_UNUSABLE, CERTIFICATE_UNFIT, TIME_STAMP_UNFIT; MALFORMED for certificates and lists that are none */
export async function addSignature(ofd: OfdPackage, request: OfdSignRequest): Promise<OfdPackage> {
  const { provider, at, timeStamper } = request;
  checkCertifiedKey(request.signer);
  const brought = gather(request);
  if (!maySignDocuments(brought.signer) || !isWithinValidity(brought.signer, at)) {
    throw new SigningError('CERTIFICATE_UNFIT', 'the certificate of the signer is not valid for this, or at this time');
  }
  return signPackage(ofd, {
    provider,
    at,
    makeValue: async (content) => {
      const signature = await request.signer.key.sign(content);
      const timeStamp = timeStamper && (await stampValue(timeStamper, signature));
      return writeGmSignedData({ ...brought, content, signature, timeStamp });
    },
  });
}

/** Sign a package, or a finished file of anyone's; gives the finished file. @throws as `addSignature` and `openOfd` */
export async function signOfd(ofd: OfdPackage | Uint8Array, request: OfdSignRequest): Promise<Uint8Array> {
  const opened = ofd instanceof Uint8Array ? openOfd(ofd, request.at) : ofd;
  return writePackage((await addSignature(opened, request)).files);
}
