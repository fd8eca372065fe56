/** Append what judges a PDF's signatures later: certificates and CRLs in the document security store (ISO 32000-2
 *  §12.8.4.3, ETSI EN 319 142-1 §5.4), and the extension in the catalogue that says so. What is there already stays.
 *  No VRI: it is optional, and only says which of these belong to which signature, which verifiers find out anyway. */
import { deflateSync } from 'node:zlib';
import { array, dict, name, number, withEntries } from './make-value.ts';
import type { PdfChanges } from './pdf-changes.ts';
import { integerOf, nameOf, type PdfDict, type PdfValue, pdfFault } from './syntax/pdf-value.ts';

export interface ValidationData {
  /** DER: of every chain of signatures and time-stamps, up to the anchors. */
  readonly certificates: readonly Uint8Array[];
  /** DER, of the issuers on those chains. */
  readonly crls: readonly Uint8Array[];
}

/** Puts the changes; they are to be appended by the caller. */
export function addValidationData(changes: PdfChanges, data: ValidationData): void {
  const { ref, value } = changes.catalogue();
  const held = value.entries.get('DSS');
  const store = changes.dict(held) ?? dict({ Type: name('DSS') });
  const longer = withEntries(store, {
    Certs: longerList(changes, store, 'Certs', data.certificates),
    CRLs: longerList(changes, store, 'CRLs', data.crls),
  });
  const stands = held?.kind === 'ref' && changes.dict(held) !== undefined;
  if (stands) changes.change(held, longer);
  const extensions = extensionsOf(changes, value);
  if (stands && extensions === undefined) return;
  changes.change(
    ref,
    withEntries(value, {
      DSS: stands ? held : changes.add(longer),
      ...(extensions === undefined ? {} : { Extensions: extensions }),
    }),
  );
}

/** The list of streams, longer by those given; undefined when there are none. Each document is put there once. */
function longerList(
  changes: PdfChanges,
  store: PdfDict,
  key: string,
  documents: readonly Uint8Array[],
): PdfValue | undefined {
  const held = changes.resolve(store.entries.get(key));
  if (held.kind !== 'array' && held.kind !== 'null') throw pdfFault(`${key} is no list`, 0);
  const once = new Map(documents.map((der) => [Buffer.from(der).toString('latin1'), der]));
  const added = [...once.values()].map((der) => changes.add(dict({ Filter: name('FlateDecode') }), deflateSync(der)));
  const items = [...(held.kind === 'array' ? held.items : []), ...added];
  return items.length === 0 ? undefined : array(items);
}

const LEVEL = 2;

/** ETSI’s extensions of PDF 1.7 (EN 319 142-1 §5): level 1 is the store and its time-stamps, level 2 also signatures in
 *  the CAdES form. PDF 2.0 has them itself. Undefined: nothing to say. */
function extensionsOf(changes: PdfChanges, catalogue: PdfDict): PdfValue | undefined {
  const version = nameOf(changes.resolve(catalogue.entries.get('Version'))) ?? '';
  const header = Buffer.from(changes.file.bytes.subarray(5, 8)).toString('latin1');
  if (version.startsWith('2') || header.startsWith('2')) return undefined;
  const known = changes.dict(catalogue.entries.get('Extensions'));
  const own = changes.dict(known?.entries.get('ESIC'));
  if ((integerOf(changes.resolve(own?.entries.get('ExtensionLevel'))) ?? 0) >= LEVEL) return undefined;
  const esic = dict({ BaseVersion: name('1.7'), ExtensionLevel: number(LEVEL) });
  return withEntries(known ?? dict({}), { ESIC: esic });
}
