/** Inputs out of grammars (fast-check): right in their outer form, and anything inside. */

import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { layOutArchive } from '../../../signing/zip/layout.ts';
import type { ReaderName } from './readers.ts';

const SMALL_BYTES = fc.uint8Array({ maxLength: 12 });

function wrap(tag: number, value: Uint8Array): Buffer {
  const { length } = value;
  const head = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.of(tag, ...head), value]);
}

const DER = fc.letrec<{ node: Buffer; list: Buffer; leaf: Buffer }>((tie) => ({
  leaf: fc
    .tuple(fc.constantFrom(1, 2, 3, 4, 5, 6, 0x0c, 0x13, 0x16, 0x17, 0x18, 0x80, 0x81), SMALL_BYTES)
    .map(([tag, value]) => wrap(tag, value)),
  list: fc
    .tuple(fc.constantFrom(0x30, 0x31, 0xa0, 0xa1, 0xa3), fc.array(tie('node'), { maxLength: 6 }))
    .map(([tag, inner]) => wrap(tag, Buffer.concat(inner))),
  node: fc.oneof({ depthSize: 'large', withCrossShrink: false }, tie('leaf'), tie('list')),
})).list;

const NAME = fc.constantFrom(
  'ofd:OFD',
  'ofd:DocBody',
  'DocRoot',
  'Signatures',
  'Signature',
  'SignedInfo',
  'References',
  'Reference',
  'CheckValue',
  'Provider',
  'Seal',
  'BaseLoc',
  'SignedValue',
  'a',
  'x:y',
);
const TEXT = fc.constantFrom(
  '',
  'text',
  '&amp;',
  '&#x41;',
  '&#0;',
  '&lol;',
  '<![CDATA[x]]>',
  '<!-- c -->',
  '<?pi x?>',
  '证照',
  '\u0000',
  ']]>',
  'AAAA',
  '/Doc_0/Signs/Sign_0/Signature.xml',
);
const ATTRIBUTE = fc
  .tuple(
    fc.constantFrom('ID', 'Type', 'BaseLoc', 'FileRef', 'CheckMethod', 'xmlns:ofd', 'xmlns', '__proto__', 'o:ID'),
    TEXT,
  )
  .map(([name, value]) => ` ${name}="${value}"`);

const XML = fc
  .letrec<{ element: string; content: string }>((tie) => ({
    element: fc
      .tuple(NAME, fc.array(ATTRIBUTE, { maxLength: 3 }), fc.array(tie('content'), { maxLength: 5 }))
      .map(([name, attributes, inner]) => `<${name}${attributes.join('')}>${inner.join('')}</${name}>`),
    content: fc.oneof({ depthSize: 'large' }, TEXT, tie('element')),
  }))
  .element.chain((root) =>
    fc
      .constantFrom(
        '',
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<?xml version="1.0" encoding="GBK"?>',
        '\ufeff',
        '<!DOCTYPE a [<!ENTITY b "c">]>',
      )
      .map((head) => Buffer.from(head + root)),
  );

const PDF_VALUE = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'medium' },
    fc.constantFrom(
      'null',
      'true',
      '1',
      '-2.5',
      '/Sig',
      '/Catalog',
      '/Page',
      '(text)',
      '(\\)',
      '<00ff>',
      '<0>',
      '1 0 R',
      '2 0 R',
      '3 0 R',
      '4 0 R',
      '9 0 R',
      '[0 1 2 3]',
    ),
    fc.array(tie('value'), { maxLength: 4 }).map((items) => `[${items.join(' ')}]`),
    fc
      .uniqueArray(
        fc.tuple(
          fc.constantFrom(
            'Type',
            'Kids',
            'Fields',
            'AcroForm',
            'V',
            'FT',
            'ByteRange',
            'Contents',
            'SubFilter',
            'Length',
            'Filter',
            'Prev',
            'Parent',
            'Reference',
            'N',
            'First',
            'W',
          ),
          tie('value'),
        ),
        { selector: ([key]) => key, maxLength: 6 },
      )
      .map((entries) => `<< ${entries.map(([key, value]) => `/${key} ${value}`).join(' ')} >>`),
  ),
})).value;

const PDF = fc
  .tuple(fc.array(PDF_VALUE, { minLength: 1, maxLength: 5 }), fc.constantFrom('', ' stream\nx\nendstream'))
  .map(([objects, tail]) => {
    let text = '%PDF-1.7\n';
    const rows = objects.map((object, at) => {
      const offset = text.length;
      text += `${at + 1} 0 obj\n${object}${at === 0 ? tail : ''}\nendobj\n`;
      return `${String(offset).padStart(10, '0')} 00000 n \n`;
    });
    const end = `trailer\n<< /Size ${rows.length + 1} /Root 1 0 R >>\nstartxref\n${text.length}\n%%EOF`;
    return Buffer.from(`${text}xref\n0 ${rows.length + 1}\n0000000000 65535 f \n${rows.join('')}${end}`, 'latin1');
  });

const ENTRY_NAME = fc.constantFrom(
  'OFD.xml',
  'Doc_0/Document.xml',
  'Doc_0/Signs/Signatures.xml',
  'Doc_0/Signs/Sign_0/Signature.xml',
  'Doc_0/Signs/Sign_0/SignedValue.dat',
  'a/',
  '../x',
  'A',
  'a',
);
const ZIP = fc
  .array(fc.tuple(ENTRY_NAME, fc.oneof(XML, DER, SMALL_BYTES)), { maxLength: 6 })
  .map((entries) =>
    layOutArchive(
      entries.map(([name, data]) => ({ name, method: 0, crc: crc32(data), size: data.length, packed: data })),
    ),
  );

const GRAMMARS: Readonly<Record<ReaderName, fc.Arbitrary<Uint8Array>>> = {
  zip: ZIP,
  xml: XML,
  der: DER,
  cms: DER,
  ses: DER,
  tsp: DER,
  pdf: PDF,
  verifier: fc.oneof(ZIP, PDF),
};

/** Some inputs of a reader's grammar, the same for the same seed. */
export function sampleGrammar(name: ReaderName, seed: number, count: number): Uint8Array[] {
  return fc.sample(GRAMMARS[name], { seed, numRuns: count });
}
