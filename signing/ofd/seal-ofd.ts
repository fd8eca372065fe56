/** Seal an OFD package (GB/T 33190 §18, GB/T 38540) so that others may sign after us: every file is covered
 *  but Signatures.xml, which alone changes with a further signature. */
import { SigningError } from '../error.ts';
import type { CertifiedKey } from '../seal/make-seal.ts';
import { stamp } from '../seal/stamp.ts';
import { sm3 } from '../sm2/sm3.ts';
import { writePackage } from '../zip/write-package.ts';
import type { OfdPackage } from './package.ts';
import {
  type Provider,
  SIGNATURES_PATH,
  type StampPlace,
  signFolder,
  writeSignaturesXml,
  writeSignatureXml,
} from './write-signature-xml.ts';

export interface OfdSealRequest {
  /** SESeal, DER. */
  readonly seal: Uint8Array;
  readonly signer: CertifiedKey;
  /** Where the seal is pressed; at least one place. */
  readonly stamps: readonly StampPlace[];
  readonly provider: Provider;
  readonly at: Date;
}

function countSignatures(files: ReadonlyMap<string, Uint8Array>): number {
  let count = 0;
  while (files.has(`${signFolder(count)}/Signature.xml`)) count++;
  return count;
}

/** Seal a package, once more if it carries seals of ours already; gives the finished file.
 *  Steps: 1 list the signature, 2 put the seal, 3 digest every covered file, 4 write Signature.xml,
 *  5 press the seal over its SM3, 6 put the value, 7 zip.
 *  @throws SEAL_UNFIT, CERTIFICATE_UNFIT, KEY_UNUSABLE; MALFORMED for a stamp on a page that is not there */
export async function sealOfd(ofd: OfdPackage, request: OfdSealRequest): Promise<Uint8Array> {
  const index = countSignatures(ofd.files);
  const folder = signFolder(index);
  const files = new Map(ofd.files);
  files.delete(SIGNATURES_PATH);
  files.set(`${folder}/Seal.esl`, request.seal);
  const references = [...files].map(([path, data]) => [`/${path}`, sm3(data)] as const);
  const stamps = request.stamps.map(({ page, ...place }) => {
    const pageId = ofd.pageIds[page];
    if (pageId === undefined) throw new SigningError('MALFORMED', 'a stamp on a page that is not there', { page });
    return { pageId, ...place };
  });
  if (stamps.length === 0) throw new SigningError('MALFORMED', 'a seal must be pressed somewhere');
  const signature = writeSignatureXml({ index, provider: request.provider, at: request.at, references, stamps });
  const value = await stamp({
    seal: request.seal,
    at: request.at,
    dataHash: sm3(signature),
    propertyInfo: `/${folder}/Signature.xml`,
    signer: request.signer,
  });
  files.set(`${folder}/Signature.xml`, signature);
  files.set(`${folder}/SignedValue.dat`, value);
  files.set(SIGNATURES_PATH, writeSignaturesXml(index + 1));
  return writePackage(files);
}
