/** OFD files as others sign them (GB/T 33190 §18 in all the ways seen), wrong ones included, written without the code that
 *  is judged. */
import { createHash } from 'node:crypto';
import type { Person } from './certificates.ts';
import { richFiles } from './rich-package.ts';
import { encodeSeal, encodeStamp, sm3Of } from './seals.ts';
import { entriesOf, type Files, type ZipEntry, type ZipShape, zip } from './zip.ts';

/** Who seals. */
export interface Hand {
  readonly signer: Person;
  readonly maker: Person;
}

export interface Description {
  readonly provider: string;
  readonly method: string | undefined;
  /** FileRef and CheckValue. */
  readonly references: readonly (readonly [path: string, digest: Uint8Array])[];
  readonly folder: string;
  readonly seal: boolean;
}

export interface SignedWords {
  readonly files?: Files;
  readonly provider?: string;
  /** CheckMethod; `undefined` leaves it out. */
  readonly method?: string | undefined;
  readonly hash?: string;
  /** How a path is named. */
  readonly reference?: (path: string) => string;
  readonly leaveOut?: (path: string) => boolean;
  readonly moreReferences?: (references: Description['references']) => Description['references'];
  /** Writes Signature.xml; default: in schema order. */
  readonly describe?: (description: Description) => string;
  /** Writes Signatures.xml. */
  readonly list?: string;
  readonly folder?: string;
  /** The SESeal. */
  readonly eseal?: Uint8Array;
  /** Seal.esl beside the signature; default: none. */
  readonly sealFile?: Uint8Array | undefined;
  /** Makes SignedValue.dat. */
  readonly value?: (dataHash: Uint8Array, path: string, description: Uint8Array) => Uint8Array;
  readonly entry?: Partial<ZipEntry>;
  readonly shape?: ZipShape;
  /** Last look at the files before they are packed. */
  readonly finish?: (files: Map<string, Uint8Array>) => void;
  readonly pack?: (files: Files) => Uint8Array;
}

const OFD_NS = 'http://www.ofdspec.org/2016';

/** References of a description. */
export function referencesXml({ method, references }: Description, prefix = 'ofd:'): string {
  const rows = references.map(
    ([path, digest]) =>
      `<${prefix}Reference FileRef="${path}"><${prefix}CheckValue>${Buffer.from(digest).toString('base64')}` +
      `</${prefix}CheckValue></${prefix}Reference>`,
  );
  const stated = method === undefined ? '' : ` CheckMethod="${method}"`;
  return `<${prefix}References${stated}>${rows.join('')}</${prefix}References>`;
}

/** Signature.xml in the order of the schema. */
export function describeInOrder(description: Description): string {
  const { provider, folder, seal } = description;
  return (
    `<?xml version="1.0" encoding="UTF-8"?>\n<ofd:Signature xmlns:ofd="${OFD_NS}"><ofd:SignedInfo>` +
    `<ofd:Provider ProviderName="${provider}" Version="2.0" Company="别家"/>` +
    '<ofd:SignatureMethod>1.2.156.10197.1.501</ofd:SignatureMethod>' +
    '<ofd:SignatureDateTime>20260602110405</ofd:SignatureDateTime>' +
    `${referencesXml(description)}<ofd:StampAnnot ID="s001a" PageRef="1" Boundary="120 200 42 42"/>` +
    `${seal ? `<ofd:Seal><ofd:BaseLoc>/${folder}/Seal.esl</ofd:BaseLoc></ofd:Seal>` : ''}` +
    `</ofd:SignedInfo><ofd:SignedValue>/${folder}/SignedValue.dat</ofd:SignedValue></ofd:Signature>`
  );
}

export const listXml = (rows: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<ofd:Signatures xmlns:ofd="${OFD_NS}"><ofd:MaxSignId>s001</ofd:MaxSignId>` +
  `${rows}</ofd:Signatures>`;

const SIGNS = 'Doc_0/Signs';

/** The files of a signed package. */
export function signFiles(hand: Hand, words: SignedWords = {}): Map<string, Uint8Array> {
  const files = new Map(words.files ?? richFiles());
  const folder = words.folder ?? `${SIGNS}/Sign_0`;
  const { reference = (path: string) => `/${path}`, leaveOut = () => false, hash = 'sm3' } = words;
  if (words.sealFile) files.set(`${folder}/Seal.esl`, words.sealFile);
  const references = [...files]
    .filter(([path]) => path !== `${SIGNS}/Signatures.xml` && !leaveOut(path))
    .map(([path, bytes]) => [reference(path), createHash(hash).update(bytes).digest()] as const);
  const text = (words.describe ?? describeInOrder)({
    provider: words.provider ?? 'Elsewhere',
    method: 'method' in words ? words.method : '1.2.156.10197.1.401',
    references: words.moreReferences?.(references) ?? references,
    folder,
    seal: words.sealFile !== undefined,
  });
  const description = Buffer.from(text);
  const path = `${folder}/Signature.xml`;
  files.set(path, description);
  const make = words.value ?? ((dataHash) => sealValue(hand, dataHash, `/${path}`, words.eseal));
  files.set(`${folder}/SignedValue.dat`, make(sm3Of(description), `/${path}`, description));
  const row = `<ofd:Signature ID="s001" Type="Seal" BaseLoc="/${path}"/>`;
  files.set(`${SIGNS}/Signatures.xml`, Buffer.from(words.list ?? listXml(row)));
  words.finish?.(files);
  return files;
}

/** A stamp of version 4 by the hand. */
export function sealValue(hand: Hand, dataHash: Uint8Array, propertyInfo: string, eseal?: Uint8Array): Uint8Array {
  const { signer } = hand;
  return encodeStamp({ seal: eseal ?? sealOf(hand), signer, dataHash, propertyInfo });
}

const seals = new WeakMap<Hand, Uint8Array>();

/** The seal of the hand, version 4. */
export function sealOf(hand: Hand): Uint8Array {
  const known = seals.get(hand) ?? encodeSeal({ maker: hand.maker, signers: [hand.signer.certificate] });
  seals.set(hand, known);
  return known;
}

/** A signed file of a stranger's. */
export function strangerOfd(hand: Hand, words: SignedWords = {}): Uint8Array {
  const files = signFiles(hand, words);
  return words.pack?.(files) ?? zip(entriesOf(files, words.entry), words.shape);
}

/** A text part changed; the text must be there. */
export function replaceIn(files: Map<string, Uint8Array>, path: string, from: string | RegExp, to: string): void {
  const bytes = files.get(path);
  if (!bytes) throw new Error(`no ${path}`);
  const text = Buffer.from(bytes).toString('utf8');
  const changed = text.replace(from, () => to);
  if (changed === text) throw new Error(`nothing to replace in ${path}: ${String(from)}`);
  files.set(path, Buffer.from(changed));
}
