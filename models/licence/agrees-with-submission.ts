/** Does a licence hold exactly what a submission says? So that the same facts pushed twice are not a conflict. */
import { findCurrentEntry } from '../catalogue/find-entry.ts';
import type { House } from '../house.ts';
import { sm3Hex } from '../kernel/digest.ts';
import { digestContent } from './content.ts';
import type { LicenceColumns } from './rows.ts';
import { contentOf } from './store-submissions.ts';
import { submissionSchema } from './submission.ts';

/** @param issuedOn the day of the paper, of a stock licence */
export async function agreesWithSubmission(
  house: House,
  licence: LicenceColumns,
  body: unknown,
  issuedOn?: string,
): Promise<boolean> {
  const read = submissionSchema.safeParse(body);
  const entry = read.success ? await findCurrentEntry(house, read.data.catalogueCode) : undefined;
  if (!read.success || !entry || entry.code !== licence.catalogueCode) return false;
  const fields: Record<string, string> = { ...read.data.fields };
  for (const { key, type } of entry.definition.fields) {
    const value = fields[key];
    if (type === 'image' && value) fields[key] = `sm3:${sm3Hex(Buffer.from(value, 'base64'))}`;
  }
  // A number that the repository made is not in the submission.
  const { numberField } = entry.definition;
  fields[numberField] = fields[numberField]?.trim() || licence.licenceNumber;
  const { catalogueCode, catalogueVersion, issuingBody } = licence;
  const content = contentOf({ catalogueCode, catalogueVersion, issuingBody }, read.data, fields, issuedOn ?? null);
  return digestContent(content) === licence.contentDigest;
}
