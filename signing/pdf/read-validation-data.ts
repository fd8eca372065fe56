/** Certificates and revocation lists in a PDF's document security store (ISO 32000-2 §12.8.4.3, ETSI EN 319 142-1 §5.4.2),
 *  in its lists and in what it relates to single signatures. They help to judge, and never lend trust. */
import { SigningError } from '../error.ts';
import { type ParsedCertificate, parseCertificate } from '../x509/parse-certificate.ts';
import { type ParsedCrl, parseCrl } from '../x509/parse-crl.ts';
import type { PdfFile } from './syntax/pdf-file.ts';
import type { PdfDict, PdfValue } from './syntax/pdf-value.ts';

export interface ValidationDataRead {
  readonly present: boolean;
  readonly certificates: readonly ParsedCertificate[];
  readonly crls: readonly ParsedCrl[];
  /** Something in the store is not what it should be. */
  readonly malformed: boolean;
}

/** More than the chains of many signatures need; each costs a parse. */
const MAX_PARTS = 500;

/** @throws TOO_LARGE */
export function readValidationData(file: PdfFile): ValidationDataRead {
  const held = file.dict(file.trailer.entries.get('Root'))?.entries.get('DSS');
  if (held === undefined) return { present: false, certificates: [], crls: [], malformed: false };
  const refs = new Map<string, { kind: 'certificate' | 'list'; value: PdfValue }>();
  const take = (dict: PdfDict | undefined, key: string, kind: 'certificate' | 'list'): void => {
    const list = file.resolve(dict?.entries.get(key));
    for (const value of list.kind === 'array' ? list.items : []) {
      refs.set(value.kind === 'ref' ? `${kind} ${value.number}` : `${kind} direct ${refs.size}`, { kind, value });
      if (refs.size > MAX_PARTS) throw new SigningError('TOO_LARGE', 'too much validation data');
    }
  };
  try {
    const store = file.dict(held);
    take(store, 'Certs', 'certificate');
    take(store, 'CRLs', 'list');
    for (const value of file.dict(store?.entries.get('VRI'))?.entries.values() ?? []) {
      take(file.dict(value), 'Cert', 'certificate');
      take(file.dict(value), 'CRL', 'list');
    }
    return { present: true, ...parseParts(file, [...refs.values()], store === undefined) };
  } catch (error) {
    if (!isMalformed(error)) throw error;
    return { present: true, certificates: [], crls: [], malformed: true };
  }
}

function parseParts(
  file: PdfFile,
  parts: readonly { kind: 'certificate' | 'list'; value: PdfValue }[],
  broken: boolean,
): Omit<ValidationDataRead, 'present'> {
  const certificates: ParsedCertificate[] = [];
  const crls: ParsedCrl[] = [];
  let malformed = broken;
  for (const { kind, value } of parts) {
    try {
      const der = file.stream(value);
      if (der === undefined) malformed = true;
      else if (kind === 'certificate') certificates.push(parseCertificate(der));
      else crls.push(parseCrl(der));
    } catch (error) {
      if (!isMalformed(error)) throw error;
      malformed = true;
    }
  }
  return { certificates, crls, malformed };
}

function isMalformed(error: unknown): boolean {
  return error instanceof SigningError && (error.code === 'MALFORMED' || error.code === 'UNSUPPORTED');
}
