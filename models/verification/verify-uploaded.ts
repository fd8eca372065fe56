/** Verify a file handed in: what its bytes prove, and what the repository knows of the licence today. */

import { type Check, type VerificationReport, verifyFile } from '../../signing/index.ts';
import { logAccess } from '../audit/append-audit.ts';
import type { Caller, House } from '../house.ts';
import { toShanghaiDate } from '../kernel/clock.ts';
import { sm3Hex } from '../kernel/digest.ts';
import { LICENCE_STATUSES, statusOn } from '../licence/states.ts';
import { loadTrust } from './trust.ts';

export interface UploadReport extends VerificationReport {
  /** SM3 of the file, hex. */
  readonly sm3: string;
  /** The licence whose stored original has exactly these bytes. */
  readonly identifier: string | null;
}

export async function verifyUploaded(house: House, caller: Caller, bytes: Uint8Array): Promise<UploadReport> {
  const sm3 = sm3Hex(bytes);
  const file = await house.db.rows.licenceFiles.findOne({ where: { digest: sm3 } });
  const licence = file ? await house.db.rows.licences.findByPk(file.licenceId) : null;
  const report = verifyFile(bytes, { certificates: await loadTrust(house), at: house.clock() });
  await logAccess(house, caller, {
    act: 'verification.file',
    licenceId: licence?.id ?? null,
    details: { sm3, valid: report.valid },
  });
  const status = licence ? statusOn(licence, toShanghaiDate(house.clock())) : null;
  const checks = [...report.checks, statusCheck(status)];
  const valid = report.valid && (status === null || status === 'valid');
  return { ...report, valid, checks, sm3, identifier: licence?.identifier ?? null };
}

function statusCheck(status: keyof typeof LICENCE_STATUSES | null): Check {
  if (status === null) {
    return {
      name: 'status',
      outcome: 'not-judged',
      code: 'UNKNOWN_HERE',
      zh: '本库没有这份文件',
      en: 'The file is not of this repository',
    };
  }
  if (status === 'valid') return { name: 'status', outcome: 'passed', zh: '证照有效', en: 'The licence is valid' };
  const zh = `证照状态：${LICENCE_STATUSES[status].zh}`;
  return {
    name: 'status',
    outcome: 'failed',
    code: 'STATUS_NOT_VALID',
    where: status,
    zh,
    en: `The licence is ${status}`,
  };
}
