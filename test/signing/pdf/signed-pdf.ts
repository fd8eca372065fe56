/** Small PDF documents, and a little world of signers, for the tests of PDF signatures. */
import { createCanvas } from '@napi-rs/canvas';
import { PDFDocument } from 'pdf-lib';
import { prepareSignature, type SignatureField } from '../../../signing/pdf/prepare-signature.ts';
import { signPdf } from '../../../signing/pdf/sign-pdf.ts';
import { makeMember } from '../x509/certificates.ts';

export const SIGNED_AT = new Date('2026-05-01T02:00:00Z');

/** A red ring, as a seal's picture. */
export function ringPng(): Uint8Array {
  const canvas = createCanvas(120, 120);
  const context = canvas.getContext('2d');
  context.strokeStyle = '#c00000';
  context.lineWidth = 8;
  context.arc(60, 60, 52, 0, Math.PI * 2);
  context.stroke();
  return canvas.toBuffer('image/png');
}

/** An RSA root, an issuing authority and a signer. */
export async function makeSigners() {
  const root = await makeMember('RSA', 'root', 'Root');
  const issuing = await makeMember('RSA', 'issuing', 'Issuing', root);
  const leaf = await makeMember('RSA', 'signer', 'Signer', issuing);
  const signer = { key: leaf.key, certificate: leaf.certificate, chain: [issuing.certificate], at: SIGNED_AT };
  return { root, issuing, leaf, signer };
}

/** A one-page document with words on it. */
export async function plainDocument(): Promise<PDFDocument> {
  const pdf = await PDFDocument.create();
  pdf.setCreationDate(SIGNED_AT);
  pdf.setModificationDate(SIGNED_AT);
  pdf.addPage([595, 842]).drawText('Licence sample', { x: 50, y: 700 });
  return pdf;
}

export async function preparedPdf(field: Partial<SignatureField> = {}): Promise<Uint8Array> {
  const pdf = await plainDocument();
  await prepareSignature(pdf, {
    page: 0,
    seal: { box: [120, 200, 42, 42], picturePng: ringPng(), pictureWidthMm: 40 },
    name: '某市某局',
    reason: '证照签发',
    location: '某市',
    at: SIGNED_AT,
    contentsBytes: 3200,
    ...field,
  });
  return pdf.save({ useObjectStreams: false });
}

export async function signedPdf(signer: Parameters<typeof signPdf>[1], field: Partial<SignatureField> = {}) {
  return signPdf(await preparedPdf(field), signer);
}

/** Where the hexadecimal string of the only signature stands: offset of `<`, and offset behind `>`. */
export function gapOf(pdf: Uint8Array): readonly [start: number, end: number] {
  const [, start, end] = /\/ByteRange \[ 0 (\d+) (\d+) \d+ *\]/.exec(Buffer.from(pdf).toString('latin1')) ?? [];
  return [Number(start), Number(end)];
}

/** The CMS structure inside, without its padding. */
export function cmsOf(pdf: Uint8Array): Uint8Array {
  const [start, end] = gapOf(pdf);
  const bytes = Buffer.from(Buffer.from(pdf.subarray(start + 1, end - 1)).toString('latin1'), 'hex');
  return bytes.subarray(0, 4 + bytes.readUInt16BE(2));
}

/** Put another CMS structure in the room of the first. */
export function withCms(pdf: Uint8Array, cms: Uint8Array): Uint8Array {
  const [start, end] = gapOf(pdf);
  const copy = Buffer.from(pdf);
  copy.write(
    Buffer.from(cms)
      .toString('hex')
      .padEnd(end - start - 2, '0'),
    start + 1,
    'latin1',
  );
  return copy;
}
