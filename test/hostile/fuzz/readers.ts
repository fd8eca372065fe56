/** What is fuzzed: eight readers, each with its seeds, its own ways to change them, and what it must never do. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { checkSigner } from '../../../signing/cms/check-signer.ts';
import { parseSignedData } from '../../../signing/cms/read-signed-data.ts';
import { shellLength } from '../../../signing/cms/to-der-shell.ts';
import { childrenOf, type DerNode, parseDer, TAG } from '../../../signing/der/read-der.ts';
import { toBitString, toBoolean, toInteger, toOid, toText, toTime } from '../../../signing/der/read-values.ts';
import { SigningError } from '../../../signing/error.ts';
import { readOfdRoot } from '../../../signing/ofd/read-ofd-root.ts';
import { readSignaturesXml, readSignatureXml } from '../../../signing/ofd/read-signature-xml.ts';
import { parseXml } from '../../../signing/ofd/xml-tree.ts';
import { findSignatures } from '../../../signing/pdf/find-signatures.ts';
import { openPdf } from '../../../signing/pdf/syntax/open-pdf.ts';
import { parseSeal, parseSesSignature } from '../../../signing/seal/parse-seal.ts';
import { verifyStamp } from '../../../signing/seal/verify-stamp.ts';
import { sm3 } from '../../../signing/sm2/sm3.ts';
import { isExactToken } from '../../../signing/tsp/is-exact-token.ts';
import { openTimeStamp } from '../../../signing/tsp/open-time-stamp.ts';
import { parseTimeStampInfo } from '../../../signing/tsp/time-stamp-info.ts';
import { parseTimeStampRequest } from '../../../signing/tsp/time-stamp-request.ts';
import { parseTimeStampResponse } from '../../../signing/tsp/time-stamp-response.ts';
import type { VerificationPolicy } from '../../../signing/verify/report.ts';
import { verifyFile } from '../../../signing/verify/verify-file.ts';
import { parseCertificate } from '../../../signing/x509/parse-certificate.ts';
import { parseCrl } from '../../../signing/x509/parse-crl.ts';
import { trustStoreOf } from '../../../signing/x509/trust-store.ts';
import { readPackage } from '../../../signing/zip/read-package.ts';
import { describeOfd, describePdf, uncoveredOfPdf } from '../plain-readers.ts';
import { CORPUS, corpusOf } from './corpus-folder.ts';

export const READER_NAMES = ['zip', 'xml', 'der', 'cms', 'ses', 'tsp', 'pdf', 'verifier'] as const;
export type ReaderName = (typeof READER_NAMES)[number];

/** Reads bytes and says in a few words what came out: the same bytes must give the same words. What it must not accept, it
 *  throws as `NotRefused`. */
export type Read = (bytes: Uint8Array) => string;

export class NotRefused extends Error {}

/** When the seed files were judged. */
export const JUDGED_AT = new Date('2026-06-03T00:00:00Z');

/** Several parsers over the same bytes, each with its outcome. */
function each(bytes: Uint8Array, parsers: Readonly<Record<string, (bytes: Uint8Array) => string>>): string {
  return Object.entries(parsers)
    .map(([name, parse]) => {
      try {
        return `${name} ${parse(bytes)}`;
      } catch (error) {
        if (error instanceof SigningError) return `${name} ${error.code} ${String(error.details.reason ?? '')}`;
        throw error;
      }
    })
    .join(', ');
}

function readZip(bytes: Uint8Array): string {
  return each(bytes, {
    package: (zip) => {
      const read = readPackage(zip);
      const sizes = [...read.files].map(([name, data]) => `${name} ${data.length}`).join('|');
      return `${sizes} ${read.canonical}`;
    },
  });
}

function readXml(bytes: Uint8Array): string {
  return each(bytes, {
    tree: (xml) => String(JSON.stringify(parseXml(xml)).length),
    root: (xml) => String(readOfdRoot(new Map([['OFD.xml', xml]])).length),
    list: (xml) => String(readSignaturesXml(xml).length),
    signature: (xml) => String(readSignatureXml(xml).references.length),
  });
}

/** The reading of a primitive value, by its tag. */
const VALUES: Readonly<Record<number, (node: DerNode) => unknown>> = {
  [TAG.BOOLEAN]: toBoolean,
  [TAG.INTEGER]: toInteger,
  [TAG.BIT_STRING]: toBitString,
  [TAG.OID]: toOid,
  [TAG.UTF8]: (node) => toText(node, TAG.UTF8),
  [TAG.PRINTABLE]: (node) => toText(node, TAG.PRINTABLE),
  [TAG.IA5]: (node) => toText(node, TAG.IA5),
  [TAG.UTC_TIME]: toTime,
  [TAG.GENERALIZED_TIME]: toTime,
};

/** Every element, depth first, with its value; `left` bounds the work. */
function walk(node: DerNode, left: { count: number }): number {
  left.count -= 1;
  if (left.count < 0) return 0;
  let sum = 1 + String(VALUES[node.tag]?.(node) ?? '').length;
  if ((node.tag & 0x20) === 0) return sum;
  for (const child of childrenOf(node)) sum += walk(child, left);
  return sum;
}

function readDerBytes(bytes: Uint8Array): string {
  return each(bytes, {
    der: (der) => String(walk(parseDer(der), { count: 2000 })),
    certificate: (der) => parseCertificate(der).subject,
    crl: (der) => String(parseCrl(der).revoked.size),
  });
}

export const CONTENT = Buffer.from('a licence');

function readCms(bytes: Uint8Array): string {
  return each(bytes, {
    length: (der) => String(shellLength(der)),
    cms: (der) => {
      const rules = {
        digestContent: (hash: string) => createHash(hash).update(CONTENT).digest(),
        certificateBound: true,
        where: 'here',
      };
      const { checks } = checkSigner(parseSignedData(der), rules);
      return checks.map(({ name, code }) => `${name} ${code ?? 'passed'}`).join(' ');
    },
  });
}

/** The certificates of the seeds' little world, self-signed and issuing. */
export function seedPolicy(): VerificationPolicy {
  const names = ['sm2-root', 'sm2-issuing', 'rsa-root', 'rsa-issuing'];
  return { certificates: names.map((name) => readFileSync(new URL(`trust/${name}.der`, CORPUS))), at: JUDGED_AT };
}

export const STAMPED = sm3(Buffer.from('protected'));

function sesReader(): Read {
  const store = trustStoreOf(seedPolicy());
  const genuine = corpusOf('ses').map(({ bytes }) => Buffer.from(bytes));
  return (bytes) =>
    each(bytes, {
      seal: (der) => parseSeal(der).name,
      stamp: (der) => {
        const { checks } = verifyStamp(parseSesSignature(der), { dataHash: STAMPED, store, where: 'x', strict: true });
        const failed = checks.flatMap(({ outcome, code }) => (outcome === 'failed' ? [code] : []));
        const known = genuine.some((seed) => seed.equals(bytes));
        if (failed.length === 0 && !known) throw new NotRefused('an altered stamp of ours is not refused');
        return failed.join(' ');
      },
    });
}

/** A token but for the order of the certificates: they are a set, and who made the token put them in an order of its own. */
function contentOfToken(der: Uint8Array): string {
  const { certificates } = parseSignedData(der);
  const texts = certificates.map((certificate) => Buffer.from(certificate).toString('hex'));
  const rest = texts.reduce((token, text) => token.replace(text, ''), Buffer.from(der).toString('hex'));
  return [rest, ...texts.sort()].join('|');
}

/** Tokens that open and have our exact form are those of the seeds: no byte of them can change unseen. */
function tspReader(): Read {
  const seeds = corpusOf('tsp').filter(({ name }) => /^seed-.*token/.test(name));
  const genuine = new Set(seeds.map(({ bytes }) => contentOfToken(bytes)));
  return (bytes) =>
    each(bytes, {
      request: (der) => `${parseTimeStampRequest(der).imprint.digest.length}`,
      response: (der) => {
        const { status, failures, token } = parseTimeStampResponse(der);
        return `${status} ${failures.join(' ')} ${token?.length ?? 0}`;
      },
      info: (der) => parseTimeStampInfo(der).at.toISOString(),
      token: (der) => {
        const { info } = openTimeStamp(der);
        if (isExactToken(der) && !genuine.has(contentOfToken(der)))
          throw new NotRefused('an altered token of our form is taken');
        return info.at.toISOString();
      },
    });
}

function readPdf(bytes: Uint8Array): string {
  return each(bytes, {
    pdf: (pdf) => {
      const file = openPdf(pdf);
      return `${file.entries.size} ${findSignatures(file).length}`;
    },
  });
}

/** What an ordinary reader gets out of a genuine file, so that a change nobody can see is told from a forgery. */
function descriptionOf(bytes: Uint8Array): (changed: Uint8Array) => boolean {
  if (bytes[0] === 0x50) {
    // in whatever order: the same files with the same contents
    const filesOf = (zip: Uint8Array) => describeOfd(zip)?.split('\n').sort().join('\n');
    const genuine = filesOf(bytes);
    return (changed) => filesOf(changed) === genuine;
  }
  const { gap } = uncoveredOfPdf(bytes);
  const genuine = describePdf(bytes, gap);
  return (changed) => changed.length === bytes.length && describePdf(changed, gap) === genuine;
}

function verifierReader(): Read {
  const policy = seedPolicy();
  const genuine = corpusOf('verifier').filter(({ bytes }) => verifyFile(bytes, policy).valid);
  const describers = genuine.map(({ bytes }) => descriptionOf(bytes));
  return (bytes) => {
    const report = verifyFile(bytes, policy);
    if (report.valid && !describers.some((isSame) => isSame(bytes))) {
      throw new NotRefused('an altered file is called valid');
    }
    return `${report.format} ${report.valid} ${report.checks.map(({ name, code }) => `${name} ${code ?? ''}`).join(',')}`;
  };
}

const MAKERS: Readonly<Record<ReaderName, () => Read>> = {
  zip: () => readZip,
  xml: () => readXml,
  der: () => readDerBytes,
  cms: () => readCms,
  ses: sesReader,
  tsp: tspReader,
  pdf: () => readPdf,
  verifier: verifierReader,
};

export function openReader(name: ReaderName): Read {
  return MAKERS[name]();
}
