/** Media types of our two file formats. */
export const MEDIA_TYPES = { ofd: 'application/ofd', pdf: 'application/pdf' } as const;

/** Of spreadsheets (ISO/IEC 29500). */
export const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

export const CSV = 'text/csv; charset=utf-8';

/** RFC 8259, kept as a file. */
export const JSON_TEXT = 'application/json';

/** Of scans of paper. */
export const SCAN_TYPES = { ...MEDIA_TYPES, jpg: 'image/jpeg', png: 'image/png' } as const;

/** Enveloped data (RFC 5751 §3.2), here of GB/T 35275. */
export const ENVELOPE = 'application/pkcs7-mime';
