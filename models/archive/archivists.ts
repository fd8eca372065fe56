/** Who orders and sees archive batches of a body, by what they are of. */
export const ARCHIVISTS = {
  issued: ['issuer.clerk', 'issuer.reviewer'],
  used: ['consumer.window', 'consumer.approver'],
} as const;
