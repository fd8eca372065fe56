/** The one error class of the signing floor. Its codes are closed; callers act on `code`, never on text. */

export type SigningCode =
  /** Bytes that are not the DER, ZIP, XML or PDF they should be. */
  | 'MALFORMED'
  /** A size, count or depth beyond what a reader allows. */
  | 'TOO_LARGE'
  /** A font, picture or key of a kind this floor does not know. */
  | 'UNSUPPORTED'
  /** No font of the book has a glyph for a character. */
  | 'GLYPH_MISSING'
  /** A text that cannot be fitted into its box. */
  | 'TEXT_OVERFLOW'
  /** A font file that the book needs is not there. */
  | 'FONT_MISSING'
  /** A key that cannot be opened or does not fit its certificate. */
  | 'KEY_UNUSABLE'
  /** A certificate that does not fit the use, or whose chain does not hold. */
  | 'CERTIFICATE_UNFIT'
  /** A seal that may not be used: wrong signer, outside its validity, broken. */
  | 'SEAL_UNFIT'
  /** A time-stamp that proves nothing, or not what was asked; `reason` says which. */
  | 'TIME_STAMP_UNFIT'
  /** Verification rules that are not in the form of rules, or relax what may not be relaxed; `details.pointer` says where. */
  | 'RULES_INVALID'
  /** The machine's SM2 does not reproduce the published vector. */
  | 'SELF_TEST_FAILED';

export type SigningDetails = Readonly<Record<string, string | number | boolean>>;

/** A fault of the signing floor. `details` holds facts for the caller's own sentence, never personal data. */
export class SigningError extends Error {
  override readonly name = 'SigningError';
  readonly code: SigningCode;
  readonly details: SigningDetails;

  constructor(code: SigningCode, message: string, details: SigningDetails = {}, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.details = details;
  }
}
