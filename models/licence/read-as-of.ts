/** A department's licence as it was at a moment. The access is logged. */
import { z } from 'zod';
import { logAccess } from '../audit/append-audit.ts';
import { revealHolderNumber } from '../holder/find-or-add-holder.ts';
import type { Caller, House } from '../house.ts';
import { Fault } from '../kernel/fault.ts';
import { maskNumber } from '../kernel/sensitive.ts';
import { readRows } from '../store/bulk-read.ts';
import { factsAsOf, statusAsOf } from './as-of.ts';
import { findHolders } from './find-holders.ts';
import { findUnwritten } from './find-standing.ts';
import { getVersions, type VersionLink } from './find-versions.ts';
import { getOwnForReading } from './get-own-for-reading.ts';
import type { ChangeColumns, LicenceColumns } from './rows.ts';
import type { LicenceStatus } from './states.ts';
import type { LicenceView } from './view-licence.ts';

export const asOfQuery = z.strictObject({ at: z.iso.datetime({ offset: true }) });

export interface LicenceAsOf {
  readonly licenceId: string;
  readonly asOf: string;
  readonly status: LicenceStatus;
  readonly identifier: string | null;
  readonly licenceNumber: string;
  readonly holders: LicenceView['holders'];
  readonly fields: Readonly<Record<string, string>>;
  readonly issuedOn: string | null;
  readonly validFrom: string | null;
  readonly validTo: string | null;
  readonly caseNumber: string | null;
  readonly closedAt: string | null;
  readonly files: LicenceView['files'];
  readonly succeeds: VersionLink | null;
  /** Once it was issued. */
  readonly succeededBy: VersionLink | null;
  /** Facts beside the face of before that instant were not kept; those told are the ones after it. */
  readonly factsKnownSince: string | null;
}

/** Throws `NOT_FOUND`, `STATE_CONFLICT` for what was never issued, `AS_OF_OUTSIDE`. */
export async function readAsOf(
  house: House,
  caller: Caller,
  licenceId: string,
  { at }: z.infer<typeof asOfQuery>,
): Promise<LicenceAsOf> {
  const licence = await getOwnForReading(house, caller, 'licence.read', licenceId);
  if (licence.state !== 'issued') throw new Fault('STATE_CONFLICT', { detail: licence.state });
  const moment = new Date(at);
  const { status, changes } = await findStatusAsOf(house, licence, moment);
  await logAccess(house, caller, { act: 'licence.read', licenceId, details: { asOf: moment.toISOString() } });
  const { fields, caseNumber, closedAt, factsKnownSince } = factsAsOf(licence, changes, moment);
  const holders = await findHolders(house, licenceId);
  const { succeeds, succeededBy } = await getVersions(house, licence);
  return {
    ...{ licenceId, asOf: moment.toISOString(), status, identifier: licence.identifier },
    licenceNumber: licence.licenceNumber,
    holders: holders.map((holder) => ({
      ...{ holderId: holder.id, name: holder.nameOnFace, type: holder.type },
      number: maskNumber(revealHolderNumber(house, holder)),
    })),
    ...{ fields, issuedOn: licence.issuedOn, validFrom: licence.validFrom, validTo: licence.validTo, caseNumber },
    closedAt: closedAt?.toISOString() ?? null,
    files: await findFilesAsOf(house, licenceId, moment),
    ...{ succeeds, succeededBy: (await wasIssued(house, succeededBy, moment)) ? succeededBy : null },
    factsKnownSince: factsKnownSince?.toISOString() ?? null,
  };
}

/** Throws `AS_OF_OUTSIDE` for a moment before the issue, or one that has not come. */
export async function findStatusAsOf(
  house: House,
  licence: LicenceColumns,
  at: Date,
): Promise<{ readonly status: LicenceStatus; readonly changes: readonly ChangeColumns[] }> {
  const changes = await readRows(house.db.rows.changes, { where: { licenceId: licence.id } });
  const unwritten = (await findUnwritten(house, [licence])).get(licence.id)?.steps ?? [];
  const due = unwritten.map(({ act, toStatus, licence: { sequence }, effectiveAt = at }) => ({
    ...{ act, toStatus, sequence, effectiveAt, replaced: null },
  }));
  const status = at > house.clock() ? null : statusAsOf(licence, [...changes, ...due], at);
  if (status === null) throw new Fault('AS_OF_OUTSIDE');
  return { status, changes };
}

async function findFilesAsOf(house: House, licenceId: string, at: Date): Promise<LicenceView['files']> {
  const files = await readRows(house.db.rows.licenceFiles, { where: { licenceId } });
  return files
    .filter(({ createdAt }) => createdAt <= at)
    .sort((a, b) => a.version - b.version || (a.format < b.format ? -1 : 1))
    .map(({ format, version, sizeBytes, digest }) => ({ format, version, sizeBytes, sm3: digest }));
}

async function wasIssued(house: House, version: VersionLink | null, at: Date): Promise<boolean> {
  if (!version) return false;
  const where = { licenceId: version.licenceId, act: 'issue' };
  const [issue] = await readRows(house.db.rows.changes, { where });
  return issue !== undefined && issue.effectiveAt <= at;
}
