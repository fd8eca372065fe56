/** Media types of our two file formats. */
export const MEDIA_TYPES = { ofd: 'application/ofd', pdf: 'application/pdf' } as const;
