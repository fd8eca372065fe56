/** The licence identifier (证照标识) of GB/T 36904: root, type, issuer, serial, version and check character. */
import { checkCharacterMod3736 } from './mod-37-36.ts';

export const IDENTIFIER_ROOT = '1.2.156.3005.2';

export interface LicenceIdentifier {
  /** 21 characters: the defining body's 18-character code and 3 digits. */
  readonly typeCode: string;
  /** The issuing body's unified social credit code. */
  readonly issuerCode: string;
  /** Digits and capital letters, unique for type and issuer. */
  readonly serial: string;
  /** Three digits, 001 first. */
  readonly version: string;
}

/** The whole identifier with its check character (over type, issuer, serial and version; no root, no dots). */
export function formatIdentifier(parts: LicenceIdentifier): string {
  const { typeCode, issuerCode, serial, version } = parts;
  const check = checkCharacterMod3736(typeCode + issuerCode + serial + version);
  return [IDENTIFIER_ROOT, typeCode, issuerCode, serial, version, check].join('.');
}

const FORM = /^1\.2\.156\.3005\.2\.([0-9A-Z]{21})\.([0-9A-Z]{6,18})\.([0-9A-Z]{1,64})\.(\d{3})\.([0-9A-Z])$/i;

export interface ParsedIdentifier extends LicenceIdentifier {
  readonly checkHolds: boolean;
}

/** The parts of an identifier and whether its check character holds; undefined when it has not the form. */
export function parseIdentifier(text: string): ParsedIdentifier | undefined {
  // Judged before it is capitalised: ſ and ß would become letters that nobody wrote.
  const match = FORM.exec(text.trim());
  if (!match) return undefined;
  const [, typeCode = '', issuerCode = '', serial = '', version = '', check] = match.map((part) => part.toUpperCase());
  const checkHolds = checkCharacterMod3736(typeCode + issuerCode + serial + version) === check;
  return { typeCode, issuerCode, serial, version, checkHolds };
}
