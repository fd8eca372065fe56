/** What a draft holds: a submission with anything still missing or wrong. Encrypted at rest as a whole. */
import { z } from 'zod';
import type { House } from '../house.ts';
import { throwFaults } from '../kernel/fault.ts';
import type { DraftColumns } from './rows.ts';

const CONTENT = 'drafts.content';
/** As JSON. */
const MOST_CHARACTERS = 6_000_000;

const text = (most: number) => z.string().max(most);

/** Shape only: no rule of any catalogue entry is asked. */
export const unfinishedSchema = z.strictObject({
  holders: z
    .array(
      z.strictObject({
        name: text(200).optional(),
        type: text(20).optional(),
        number: text(64).optional(),
        numberType: text(20).optional(),
      }),
    )
    .max(50)
    .optional(),
  fields: z.record(text(60), text(MOST_CHARACTERS)).optional(),
  validFrom: text(20).optional(),
  validTo: text(20).optional(),
  closedAt: text(40).optional(),
  caseNumber: text(64).optional(),
  commitment: z.boolean().optional(),
  stock: z.strictObject({ issuedOn: text(20).optional(), paperNumber: text(120).optional() }).optional(),
  /** It is to be a new version of a licence. */
  succeeds: z
    .strictObject({
      identifier: text(190).optional(),
      act: text(20).optional(),
      legalBasis: text(500).optional(),
      reason: text(1000).optional(),
    })
    .optional(),
});
export type Unfinished = z.infer<typeof unfinishedSchema>;

/** Throws `REQUEST_INVALID` for a draft that is too large. */
export function sealContent({ cipher }: Pick<House, 'cipher'>, submission: Unfinished): string {
  const json = JSON.stringify(submission);
  if (json.length > MOST_CHARACTERS)
    throwFaults([{ pointer: '/submission', code: 'FIELD_TOO_LONG', detail: String(MOST_CHARACTERS) }]);
  return cipher.encrypt(CONTENT, json);
}

export function openContent({ cipher }: Pick<House, 'cipher'>, { content }: Pick<DraftColumns, 'content'>): Unfinished {
  return JSON.parse(cipher.decrypt(CONTENT, content)) as Unfinished;
}
