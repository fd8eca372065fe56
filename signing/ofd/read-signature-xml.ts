/** Signatures.xml and Signature.xml as anyone may have written them (GB/T 33190 §18, GM/T 0099). */
import { SigningError } from '../error.ts';
import { childNamed, childrenNamed, parseXml, textOf, type XmlElement } from './xml-tree.ts';

export interface SignatureListing {
  readonly id: string;
  readonly type: string | undefined;
  readonly baseLoc: string;
}

/** The signatures a Signatures.xml lists. @throws MALFORMED */
export function readSignaturesXml(bytes: Uint8Array): SignatureListing[] {
  return listingsOf(parseXml(bytes));
}

/** The signatures that the root element of a Signatures.xml lists. @throws MALFORMED */
export function listingsOf(root: XmlElement): SignatureListing[] {
  if (root.name !== 'Signatures')
    throw new SigningError('MALFORMED', 'not a list of signatures', { reason: 'SIGNATURE_LIST_WRONG' });
  return childrenNamed(root, 'Signature').map(({ attributes }) => {
    const { ID, Type, BaseLoc } = attributes;
    if (!BaseLoc)
      throw new SigningError('MALFORMED', 'a signature without BaseLoc', { reason: 'SIGNATURE_LIST_WRONG' });
    return { id: ID ?? '', type: Type, baseLoc: BaseLoc };
  });
}

export interface SignatureReference {
  readonly fileRef: string;
  readonly checkValue: Uint8Array;
}

export interface SignatureDescription {
  readonly provider: string;
  readonly checkMethod: string | undefined;
  /** Free text. */
  readonly dateTime: string | undefined;
  readonly references: readonly SignatureReference[];
  readonly sealLoc: string | undefined;
  readonly signedValueLoc: string | undefined;
}

function toCheckValue(text: string | undefined): Uint8Array {
  const compact = (text ?? '').replace(/\s+/g, '');
  const bytes = Buffer.from(compact, 'base64');
  // decoders pass over strange characters and leftover bits: only the one exact spelling is taken
  if (bytes.toString('base64') !== compact) {
    throw new SigningError('MALFORMED', 'a CheckValue that is not base64', { reason: 'SIGNATURE_MALFORMED' });
  }
  return bytes;
}

/** Read a Signature.xml. @throws MALFORMED */
export function readSignatureXml(bytes: Uint8Array): SignatureDescription {
  const root = parseXml(bytes);
  const info = childNamed(root, 'SignedInfo');
  const references = info && childNamed(info, 'References');
  if (root.name !== 'Signature' || !info || !references) {
    throw new SigningError('MALFORMED', 'not a signature description', { reason: 'SIGNATURE_MALFORMED' });
  }
  const seal = childNamed(info, 'Seal');
  return {
    provider: childNamed(info, 'Provider')?.attributes.ProviderName ?? '',
    checkMethod: references.attributes.CheckMethod,
    dateTime: textOf(info, 'SignatureDateTime'),
    references: childrenNamed(references, 'Reference').map((reference) => ({
      fileRef: reference.attributes.FileRef ?? '',
      checkValue: toCheckValue(textOf(reference, 'CheckValue')),
    })),
    sealLoc: seal && (textOf(seal, 'BaseLoc') ?? (seal.text || undefined)),
    signedValueLoc: textOf(root, 'SignedValue'),
  };
}
