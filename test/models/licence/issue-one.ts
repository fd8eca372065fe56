/** One licence all the way, or as far as a test needs it. */
import type { Caller, House } from '../../../models/house.ts';
import type { SubmissionSource } from '../../../models/licence/judge-submissions.ts';
import { reviewLicence } from '../../../models/licence/review-licence.ts';
import type { LicenceColumns } from '../../../models/licence/rows.ts';
import { sealLicence } from '../../../models/licence/seal-licence.ts';
import { submitLicence } from '../../../models/licence/submit-licence.ts';
import type { LicenceView } from '../../../models/licence/view-licence.ts';
import { clerk, reviewer, SUBMISSION, sealKeeper } from '../../world/sample-entry.ts';

/** Without a number of its own, so that many may be made. */
export async function submitOne(
  house: House,
  more: object = {},
  source: SubmissionSource['source'] = 'api',
  by: Caller = clerk,
) {
  const { licenceNumber: _, ...fields } = SUBMISSION.fields;
  const { licenceId } = await submitLicence(house, by, { ...SUBMISSION, fields, ...more }, { source });
  return licenceId;
}

export async function reviewOne(house: House, more: object = {}): Promise<string> {
  const licenceId = await submitOne(house, more);
  await reviewLicence(house, reviewer, licenceId, { decision: 'approved' });
  return licenceId;
}

export async function issueOne(house: House, more: object = {}): Promise<LicenceView> {
  return sealLicence(house, sealKeeper, await reviewOne(house, more));
}

export async function rowOf(house: House, licenceId: string): Promise<LicenceColumns> {
  const row = await house.db.rows.licences.findByPk(licenceId);
  if (!row) throw new Error(`no licence ${licenceId}`);
  return row.get();
}
