/** What every signature of a package has in common, with a seal or without: it is listed, covers every file but the list,
 *  which alone changes when others sign after it, and leaves its description and value. */
import { SigningError } from '../error.ts';
import { sm3 } from '../sm2/sm3.ts';
import { PackedFile } from '../zip/packed-file.ts';
import type { OfdPackage } from './package.ts';
import { EMPTY_LIST, placeSignature } from './signature-list.ts';
import { type Provider, type StampPlace, writeSignatureXml } from './write-signature-xml.ts';

export interface SignatureParts {
  readonly provider: Provider;
  readonly at: Date;
  /** The seal (SESeal, DER) and where it is pressed; undefined for a signature without one. */
  readonly seal?: { readonly eseal: Uint8Array; readonly stamps: readonly StampPlace[] };
  /** Gives the value over SM3 of the description, which lies at `path` (absolute). */
  readonly makeValue: (dataHash: Uint8Array, path: string) => Promise<Uint8Array>;
}

/** Steps: 1 list the signature, 2 put the seal, 3 digest every covered file, 4 write the description, 5 make the value
 *  over its SM3, 6 put both. @throws MALFORMED for a stamp on a page that is not there, or no stamp at all */
export async function signPackage(ofd: OfdPackage, parts: SignatureParts): Promise<OfdPackage> {
  const { provider, at, seal } = parts;
  const files = new Map(ofd.files);
  const known = ofd.signatures ?? EMPTY_LIST;
  const place = placeSignature(known, seal ? 'Seal' : 'Sign', files.keys());
  files.delete(known.path);
  if (seal) files.set(`${place.folder}/Seal.esl`, new PackedFile(seal.eseal));
  const references = [...files].map(([path, file]) => [`/${path}`, file.sm3()] as const);
  const description = writeSignatureXml({
    id: place.id,
    folder: place.folder,
    provider,
    at,
    references,
    ...(seal ? { stamps: placeStamps(ofd, seal.stamps) } : {}),
  });
  const path = `${place.folder}/Signature.xml`;
  const value = await parts.makeValue(sm3(description), `/${path}`);
  files.set(path, new PackedFile(description));
  files.set(`${place.folder}/SignedValue.dat`, new PackedFile(value));
  files.set(place.list.path, new PackedFile(place.listBytes));
  return { ...ofd, files, signatures: place.list };
}

function placeStamps(ofd: OfdPackage, stamps: readonly StampPlace[]) {
  if (stamps.length === 0) throw new SigningError('MALFORMED', 'a seal must be pressed somewhere');
  return stamps.map(({ page, ...place }) => {
    const pageId = ofd.pageIds[page];
    if (pageId === undefined) throw new SigningError('MALFORMED', 'a stamp on a page that is not there', { page });
    return { pageId, ...place };
  });
}
