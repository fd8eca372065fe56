/** The signatures of an OFD as an archive copy keeps them: who, when, over what digest, and how they looked. */
import { SigningError } from '../error.ts';
import { findFile } from '../ofd/location.ts';
import { readGmSignedData } from '../ofd/read-gm-signed-data.ts';
import { readOfdRoot } from '../ofd/read-ofd-root.ts';
import { readSignaturesXml, readSignatureXml } from '../ofd/read-signature-xml.ts';
import { childNamed, childrenNamed, parseXml, type XmlElement } from '../ofd/xml-tree.ts';
import { parseSesSignature } from '../seal/parse-seal.ts';
import { sm3 } from '../sm2/sm3.ts';
import { shownName } from '../verify/certificate-facts.ts';
import { parseCertificate } from '../x509/parse-certificate.ts';

export interface SeenPlace {
  readonly pageId: string;
  /** x y width height, millimetres on the page. */
  readonly boundary: readonly [number, number, number, number];
  /** Inside the boundary; the whole when left out. */
  readonly clip: readonly [number, number, number, number] | undefined;
}

export interface SignatureMark {
  readonly kind: 'seal' | 'signature';
  readonly signer: string;
  readonly sealName: string | undefined;
  readonly signedAt: string;
  /** SM3 of the signature's description, hexadecimal: what was signed. */
  readonly digest: string;
  readonly picture: { readonly type: string; readonly data: Uint8Array } | undefined;
  readonly places: readonly SeenPlace[];
}

export interface FoundMarks {
  readonly marks: readonly SignatureMark[];
  /** Files that make up the signatures: they go. */
  readonly files: ReadonlySet<string>;
}

const ROOT = 'OFD.xml';

/** @throws MALFORMED for signatures that cannot be read */
export function findMarks(files: ReadonlyMap<string, Uint8Array>): FoundMarks {
  const [body] = readOfdRoot(files);
  const list = body?.signatures === undefined ? undefined : findFile(files, ROOT, body.signatures)?.path;
  const own = new Set<string>();
  if (list === undefined) return { marks: [], files: own };
  own.add(list);
  const take = (base: string, location: string | undefined) => {
    const path = location === undefined ? undefined : findFile(files, base, location)?.path;
    if (path !== undefined) own.add(path);
    return path;
  };
  const bytesAt = (path: string | undefined) => (path === undefined ? undefined : files.get(path));
  const marks = readSignaturesXml(bytesAt(list) ?? new Uint8Array()).map((row) => {
    const where = take(list, row.baseLoc);
    const described = bytesAt(where);
    if (where === undefined || !described) throw unreadable();
    const description = readSignatureXml(described);
    take(where, description.sealLoc);
    const value = bytesAt(take(where, description.signedValueLoc));
    if (!value) throw unreadable();
    const common = { digest: Buffer.from(sm3(described)).toString('hex'), places: placesOf(parseXml(described)) };
    return row.type === 'Sign' ? signed(value, description.dateTime ?? '', common) : sealed(value, common);
  });
  return { marks, files: own };
}

type Common = Pick<SignatureMark, 'digest' | 'places'>;

function sealed(value: Uint8Array, common: Common): SignatureMark {
  const { seal, certificate, signedAt } = parseSesSignature(value);
  const signer = shownName(parseCertificate(certificate).subject);
  return {
    ...common,
    kind: 'seal',
    signer,
    sealName: seal.name,
    signedAt: signedAt.toISOString(),
    picture: seal.picture,
  };
}

function signed(value: Uint8Array, dateTime: string, common: Common): SignatureMark {
  const signer = shownName(readGmSignedData(value).certificate.subject);
  return { ...common, kind: 'signature', signer, sealName: undefined, signedAt: dateTime, picture: undefined };
}

function placesOf(description: XmlElement): SeenPlace[] {
  const info = childNamed(description, 'SignedInfo');
  return (info ? childrenNamed(info, 'StampAnnot') : []).map(({ attributes }) => {
    const boundary = boxOf(attributes.Boundary);
    if (!boundary || attributes.PageRef === undefined) throw unreadable();
    return { pageId: attributes.PageRef, boundary, clip: boxOf(attributes.Clip) };
  });
}

function boxOf(text: string | undefined): readonly [number, number, number, number] | undefined {
  const [x = Number.NaN, y = Number.NaN, width = Number.NaN, height = Number.NaN] = (text ?? '')
    .trim()
    .split(/\s+/)
    .map(Number);
  return [x, y, width, height].every(Number.isFinite) ? [x, y, width, height] : undefined;
}

function unreadable(): SigningError {
  return new SigningError('MALFORMED', 'a signature that cannot be read', { reason: 'SIGNATURE_MALFORMED' });
}
