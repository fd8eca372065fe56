/** Certificates as people paste them: PEM, or DER in base64. */
import { fromPemOrDer, SigningError } from '../../signing/index.ts';

/** DER; undefined when the text is neither. Whether it is a certificate is judged by whoever reads it. */
export function readCertificateText(text: string): Uint8Array | undefined {
  const plain = text.trim();
  if (plain.startsWith('-----BEGIN')) {
    try {
      const [first] = fromPemOrDer(new Uint8Array(Buffer.from(plain)), 'CERTIFICATE');
      return first && new Uint8Array(first);
    } catch (error) {
      if (error instanceof SigningError) return undefined;
      throw error;
    }
  }
  return readBase64(plain);
}

/** Bytes of plain base64; undefined for anything else. */
export function readBase64(text: string): Uint8Array | undefined {
  const plain = text.replaceAll(/\s/g, '');
  if (plain.length === 0 || plain.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(plain)) return undefined;
  return new Uint8Array(Buffer.from(plain, 'base64'));
}
