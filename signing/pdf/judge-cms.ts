/** A CMS signature in a PDF (ISO 32000-1 §12.8.3.3, ETSI EN 319 142-1 §4, §6): RSA, ECDSA or SM2. */
import { checkSigner } from '../cms/check-signer.ts';
import { CMS_OID } from '../cms/cms-oids.ts';
import { hashOf, schemeOf } from '../cms/known-algorithms.ts';
import { parseSignedData, type SignedData } from '../cms/read-signed-data.ts';
import { digestParts } from '../cms/verify-content.ts';
import { OID } from '../der/oids.ts';
import { SigningError } from '../error.ts';
import { isExactToken } from '../tsp/is-exact-token.ts';
import { factsOfCertificate } from '../verify/certificate-facts.ts';
import { chainFacts } from '../verify/chain-facts.ts';
import { check, passed } from '../verify/check-words.ts';
import type { Check } from '../verify/report.ts';
import { judgeCertificate } from '../x509/judge-certificate.ts';
import type { ParsedCertificate } from '../x509/parse-certificate.ts';
import { parseCrl } from '../x509/parse-crl.ts';
import { storeWith } from '../x509/trust-store.ts';
import { isIssuedBy } from '../x509/verify-chain.ts';
import type { SignatureCase, SignatureJudgement } from './judge-signature.ts';
import { signedParts, structureOf } from './signed-bytes.ts';
import { claimedTime, judgeSigningTime } from './signing-time.ts';

/** @throws MALFORMED */
export function judgeCms(one: SignatureCase): SignatureJudgement {
  const { file, signature, where } = one;
  const signed = parseSignedData(structureOf(signature));
  checkDetached(signed);
  const parts = signedParts(file, signature);
  const signer = checkSigner(signed, {
    digestContent: (hash) => digestParts(parts, hash),
    contentParts: parts,
    certificateBound: signature.subFilter === 'ETSI.CAdES.detached',
    where,
  });
  const store = storeWith(one.store, { certificates: [], crls: signed.revocationLists.map(parseCrl) });
  const { certificate, others } = signer;
  const claimed = claimedTime(file, signature.dict, signed);
  const usableUntil = certificate?.notAfter ?? store.now;
  const time = judgeSigningTime(claimed, signed, { store, where, coveredAt: one.coveredAt, usableUntil });
  const checks = [...judgeForm(one, signed), ...signer.checks, ...time.checks, ...(signer.key ? [signer.key] : [])];
  const told = {
    kind: 'signature' as const,
    seal: null,
    claimedAt: time.claimedAt?.toISOString() ?? null,
    provenAt: time.provenAt?.toISOString() ?? null,
    digestAlgorithm: NAMES_OF_HASHES[hashOf(signed.digestAlgorithm) ?? ''] ?? null,
    signatureAlgorithm: NAMES_OF_SCHEMES[schemeOf(signed.signatureAlgorithm)?.kind ?? ''] ?? null,
    certificate: certificate === undefined ? null : factsOfCertificate(certificate),
  };
  if (certificate === undefined)
    return { checks, trusted: store.anchors === undefined ? null : false, told, chain: [] };
  if (!allBelong(certificate, others)) checks.push(check('certificate', 'failed', 'CERTIFICATE_CHAIN_BROKEN', where));
  const judged = judgeCertificate(certificate, store, time.at, where, others);
  const chain = chainFacts(certificate, storeWith(store, { certificates: others, crls: [] }));
  return { checks: [...checks, ...judged.checks], trusted: judged.trusted, told, chain };
}

const NAMES_OF_HASHES: Readonly<Record<string, string>> = {
  md5: 'MD5',
  sha1: 'SHA-1',
  sha256: 'SHA-256',
  sha384: 'SHA-384',
  sha512: 'SHA-512',
  sm3: 'SM3',
};
const NAMES_OF_SCHEMES: Readonly<Record<string, string>> = {
  rsa: 'RSA',
  'rsa-pss': 'RSA-PSS',
  ecdsa: 'ECDSA',
  sm2: 'SM2',
};

/** The content is the file: none may be inside. @throws MALFORMED */
function checkDetached({ content, contentType }: SignedData): void {
  const plain = contentType === CMS_OID.data || contentType === OID.gmData;
  if (!plain || (content !== undefined && content.length > 0)) {
    throw new SigningError('MALFORMED', 'a detached signature with content of its own');
  }
}

/** Where no signature covers the structure itself, our own files have one form only. */
function judgeForm({ strict, where }: SignatureCase, signed: SignedData): Check[] {
  if (strict && !isExact(signed)) return [check('structure', 'failed', 'SIGNATURE_MALFORMED', where)];
  return [signed.berShell ? check('structure', 'warned', 'BER_SHELL', where) : passed('structure', where)];
}

function isExact(signed: SignedData): boolean {
  if (signed.berShell || signed.revocationLists.length > 0) return false;
  const tokens = signed.unsignedAttributes.get(CMS_OID.signatureTimeStamp) ?? [];
  if (signed.unsignedAttributes.size > (tokens.length > 0 ? 1 : 0) || tokens.length > 1) return false;
  return tokens.every(({ raw }) => isExactToken(raw));
}

/** Every certificate inside stands above the signer's: nothing rides along unlooked at. */
function allBelong(certificate: ParsedCertificate, others: readonly ParsedCertificate[]): boolean {
  const path = new Set([certificate]);
  for (let grown = true; grown; ) {
    const above = others.filter((other) => !path.has(other) && [...path].some((member) => isIssuedBy(member, other)));
    for (const found of above) path.add(found);
    grown = above.length > 0;
  }
  return path.size === others.length + 1;
}
