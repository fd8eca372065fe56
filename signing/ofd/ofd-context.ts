/** What the steps of judging one package share. */
import { BoundedCache } from '../bounded-cache.ts';
import { SigningError } from '../error.ts';
import { sm3 } from '../sm2/sm3.ts';
import { sm3Once } from '../sm2/sm3-once.ts';
import type { TrustStore } from '../x509/trust-store.ts';
import { parseXml, type XmlElement } from './xml-tree.ts';

export interface OfdContext {
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly store: TrustStore;
  /** SM3 of a file, computed once. */
  readonly digestOf: (path: string) => Uint8Array;
  /** The root element of an XML part. @throws MALFORMED, TOO_LARGE */
  readonly xmlOf: (path: string) => XmlElement;
}

/** Parts that are the same in many packages, such as the list of signatures, are small; others would only fill it. */
const REMEMBERED_BYTES = 4096;
const remembered = new BoundedCache<XmlElement>(256);

export function makeOfdContext(files: ReadonlyMap<string, Uint8Array>, store: TrustStore): OfdContext {
  const digests = new Map<string, Uint8Array>();
  const bytesOf = (path: string): Uint8Array => {
    const bytes = files.get(path);
    if (!bytes) throw new SigningError('MALFORMED', 'a file that is not there', { reason: 'LOCATION_MISSING' });
    return bytes;
  };
  const digestOf = (path: string): Uint8Array => {
    const digest = digests.get(path) ?? digestFile(path, bytesOf(path));
    digests.set(path, digest);
    return digest;
  };
  return {
    files,
    store,
    digestOf,
    xmlOf(path) {
      const bytes = bytesOf(path);
      if (bytes.length > REMEMBERED_BYTES) return parseXml(bytes);
      return remembered.get(Buffer.from(digestOf(path)).toString('latin1'), () => parseXml(bytes));
    },
  };
}

/** Seals and pictures are the same in many files. */
const RETURNING = /\.(esl|png|jpe?g)$/i;

function digestFile(path: string, bytes: Uint8Array): Uint8Array {
  return RETURNING.test(path) ? sm3Once(bytes) : sm3(bytes);
}
