/** Media types of our two file formats. */
export const MEDIA_TYPES = { ofd: 'application/ofd', pdf: 'application/pdf' } as const;

/** Of spreadsheets (ISO/IEC 29500). */
export const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
