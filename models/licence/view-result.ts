/** What became of a submission, for a system that asks again and again (R-40 获取结果). */
import { logAccess } from '../audit/append-audit.ts';
import { getEntryTraits } from '../catalogue/find-entry.ts';
import type { Caller, House } from '../house.ts';
import { sm3Hex } from '../kernel/digest.ts';
import { approvalsOf } from './approvals.ts';
import { getOwnForReading } from './get-own-for-reading.ts';
import type { LicenceColumns } from './rows.ts';

export interface LicenceResult {
  readonly licenceId: string;
  readonly state: 'waiting' | 'returned' | 'withdrawn' | 'issued';
  /** What it waits for. */
  readonly step: 'review' | 'second-review' | 'seal' | null;
  /** Why it was returned or withdrawn. */
  readonly reason: string | null;
  readonly identifier: string | null;
  readonly files: readonly { readonly format: string; readonly url: string; readonly sm3: string }[];
  /** Seconds until it is worth asking again. */
  readonly retryAfter: number | null;
}

const SEALING_SECONDS = 2;
const PERSON_SECONDS = 60;

/** Throws `NOT_FOUND`. */
export async function viewResult(house: House, caller: Caller, licenceId: string): Promise<LicenceResult> {
  const row = await getOwnForReading(house, caller, 'licence.read', licenceId);
  await logAccess(house, caller, { act: 'licence.read', licenceId });
  const reviews = await house.db.rows.reviews.findAll({ where: { licenceId }, order: [['id', 'ASC']] });
  const step = await stepOf(house, row, approvalsOf(reviews, row.contentDigest).length);
  const ended = row.state === 'returned' || row.state === 'withdrawn';
  const last = reviews.findLast(({ decision }) => decision === row.state);
  return {
    ...{
      licenceId,
      state: stateOf(row),
      step,
      reason: ended ? (last?.reason ?? null) : null,
      identifier: row.identifier,
    },
    files: row.state === 'issued' ? await findFiles(house, licenceId) : [],
    retryAfter: step === null ? null : row.state === 'sealing' ? SEALING_SECONDS : PERSON_SECONDS,
  };
}

/** For `ETag` and `Retry-After`. */
export function resultHeaders(result: LicenceResult): Record<string, string> {
  const etag = `"${sm3Hex(JSON.stringify(result)).slice(0, 32)}"`;
  return { ETag: etag, ...(result.retryAfter === null ? {} : { 'Retry-After': String(result.retryAfter) }) };
}

function stateOf({ state }: LicenceColumns): LicenceResult['state'] {
  return state === 'issued' || state === 'returned' || state === 'withdrawn' ? state : 'waiting';
}

async function stepOf(house: House, row: LicenceColumns, given: number): Promise<LicenceResult['step']> {
  if (row.state === 'reviewed' || row.state === 'sealing') return 'seal';
  if (row.state !== 'submitted') return null;
  const { reviewers } = await getEntryTraits(house, row.catalogueCode, row.catalogueVersion);
  return given > 0 && reviewers > given ? 'second-review' : 'review';
}

/** The newest version of each format. */
async function findFiles(house: House, licenceId: string): Promise<LicenceResult['files']> {
  const files = await house.db.rows.licenceFiles.findAll({ where: { licenceId }, order: [['version', 'ASC']] });
  const newest = new Map(files.map(({ format, digest }) => [format, digest]));
  return [...newest].map(([format, sm3]) => ({ format, sm3, url: `/api/v1/licences/${licenceId}/files/${format}` }));
}
