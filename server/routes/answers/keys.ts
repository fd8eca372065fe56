/** Keys, without the keys. */
import { z } from 'zod';

const text = z.string();

export const keyAnswer = z.strictObject({
  keyId: text,
  algorithm: z.enum(['SM2', 'RSA']),
  purpose: z.enum(['root', 'issuing', 'seal-maker', 'signer', 'repository']),
  /** Null: the repository's own. */
  organisationCode: text.nullable(),
  /** Here, or at the signing service. */
  provider: z.enum(['software', 'remote']),
  state: z.enum(['active', 'disabled']),
  uses: z.int(),
  /** Null: without limit. */
  maxUses: z.int().nullable(),
  notAfterUse: text.nullable(),
  subject: text,
  /** Hexadecimal. */
  serial: text,
  validTo: text,
  createdAt: text,
});
