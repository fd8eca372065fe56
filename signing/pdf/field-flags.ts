/** Flags of signature fields and of the form (ISO 32000-1 §12.5.3, §12.7.2, §12.7.3.1), as whole numbers. */

/** /F: shown in print too, and not to be moved. */
export const PRINT_AND_LOCKED = 4 + 128;

/** /Ff: the file is not whole while the field is empty. */
export const REQUIRED = 2;

/** /SigFlags of the form. */
export const SIGNATURES_EXIST_AND_APPEND_ONLY = 3;
