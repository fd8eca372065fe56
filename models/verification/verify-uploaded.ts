/** Verify a file handed in: what its bytes prove, and what the repository knows of the licence today. */

import { type Check, check, extendReport, passed, type ReportDocument } from '../../signing/index.ts';
import { logAccess } from '../audit/append-audit.ts';
import type { Caller, House } from '../house.ts';
import { getStanding } from '../licence/find-standing.ts';
import { hasNewerVersion } from '../licence/find-versions.ts';
import type { LICENCE_STATUSES } from '../licence/states.ts';
import { findDisputed } from '../objection/find-disputed.ts';
import { loadMaterial } from './trust.ts';

export interface UploadReport extends ReportDocument {
  /** The licence whose stored original has exactly these bytes. */
  readonly identifier: string | null;
  /** A newer version of that licence has been issued. */
  readonly newerVersion: boolean;
}

/** The bytes are given away. Throws `VERIFIER_BUSY`. */
export async function verifyUploaded(house: House, caller: Caller, bytes: Uint8Array): Promise<UploadReport> {
  const material = await loadMaterial(house);
  const report = await house.verifier.judge({ bytes, material, at: house.clock() });
  const { sm3 } = report;
  const file = sm3 === null ? null : await house.db.rows.licenceFiles.findOne({ where: { digest: sm3 } });
  const licence = file ? await house.db.rows.licences.findByPk(file.licenceId) : null;
  await logAccess(house, caller, {
    act: 'verification.file',
    licenceId: licence?.id ?? null,
    details: { sm3, valid: report.valid },
  });
  const status = licence ? await getStanding(house, licence.get()) : null;
  const disputes = licence ? [disputeCheck((await findDisputed(house, [licence])).has(licence.id))] : [];
  const extended = extendReport(report, [statusCheck(status), ...disputes], material.rules);
  const newerVersion = licence ? await hasNewerVersion(house, licence.id) : false;
  return { ...extended, identifier: licence?.identifier ?? null, newerVersion };
}

function statusCheck(status: keyof typeof LICENCE_STATUSES | null): Check {
  if (status === null) return check('status', 'not-judged', 'STATUS_UNKNOWN');
  return status === 'valid' ? passed('status') : check('status', 'failed', 'STATUS_NOT_IN_FORCE', status);
}

/** A claim that something is wrong is no proof of it: the rules say how much it weighs. */
function disputeCheck(disputed: boolean): Check {
  return disputed ? check('dispute', 'warned', 'DISPUTED') : passed('dispute');
}
