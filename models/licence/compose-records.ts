/** An issued licence as it leaves for other libraries: everything that was sealed, its status and its changes. */
import { Op } from 'sequelize';
import { revealHolderNumber } from '../holder/find-or-add-holder.ts';
import type { House } from '../house.ts';
import { readRows } from '../store/bulk-read.ts';
import type { LicenceHolder } from './find-holders.ts';
import { loadHolders } from './load-holders.ts';
import type { ChangeColumns, LicenceColumns, LicenceFileColumns } from './rows.ts';

export interface LicenceRecord {
  readonly identifier: string;
  readonly catalogueCode: string;
  readonly catalogueVersion: number;
  readonly issuingBody: string;
  readonly licenceNumber: string;
  readonly holders: readonly {
    readonly name: string;
    readonly type: string;
    readonly numberType: string;
    readonly number: string;
  }[];
  readonly fields: Readonly<Record<string, string>>;
  readonly validFrom: string | null;
  readonly validTo: string | null;
  readonly issuedOn: string | null;
  /** As stored; dates decide further on the day it is read. */
  readonly status: string | null;
  readonly commitment: boolean;
  readonly caseNumber: string | null;
  readonly verificationCode: string | null;
  /** The licence whose place it took. Only where there is one, so that the digest of all others stays what it was. */
  readonly succeeds?: { readonly identifier: string; readonly act: string };
  readonly changes: readonly Pick<
    ChangeColumns,
    'sequence' | 'act' | 'fromStatus' | 'toStatus' | 'legalBasis' | 'reason'
  >[];
}

export interface RecordedLicence {
  readonly licence: LicenceColumns;
  readonly record: LicenceRecord;
  /** The newest version of each format. */
  readonly files: readonly Pick<LicenceFileColumns, 'format' | 'version' | 'digest' | 'sizeBytes'>[];
}

/** A few queries for all of them together. */
export async function composeRecords(house: House, licences: readonly LicenceColumns[]): Promise<RecordedLicence[]> {
  const { licenceFiles, changes } = house.db.rows;
  const where = { licenceId: { [Op.in]: licences.map(({ id }) => id) } };
  const versions = await readRows(licenceFiles, { where });
  versions.sort((a, b) => (a.format === b.format ? b.version - a.version : a.format < b.format ? -1 : 1));
  const steps = await readRows(changes, { where });
  steps.sort((a, b) => a.sequence - b.sequence);
  const [files, changed] = [groupBy(versions), groupBy(steps)];
  const holders = await loadHolders(
    house,
    licences.map(({ id }) => id),
  );
  const formers = await nameFormers(house, licences);
  return licences.map((licence) => ({
    licence,
    record: composeRecord(
      licence,
      nameHolders(house, holders.get(licence.id) ?? []),
      changed.get(licence.id) ?? [],
      formers.get(licence.formerId ?? ''),
    ),
    files: newestOfEachFormat(files.get(licence.id) ?? []),
  }));
}

/** Identifiers of the versions they were made from, by id. */
async function nameFormers(house: House, licences: readonly LicenceColumns[]): Promise<ReadonlyMap<string, string>> {
  const ids = licences.flatMap(({ formerId }) => formerId ?? []);
  if (ids.length === 0) return new Map();
  const where = { id: { [Op.in]: ids } };
  const formers = await readRows(house.db.rows.licences, { where, attributes: ['id', 'identifier'] });
  return new Map(formers.map(({ id, identifier }) => [id, identifier ?? '']));
}

/** @param former identifier of the version it was made from */
export function composeRecord(
  licence: LicenceColumns,
  holders: LicenceRecord['holders'],
  changes: readonly ChangeColumns[],
  former?: string,
): LicenceRecord {
  const { catalogueCode, catalogueVersion, issuingBody, licenceNumber, fields, validFrom, validTo, issuedOn } = licence;
  const { status, commitment, caseNumber, verificationCode, successionAct } = licence;
  return {
    ...{
      identifier: licence.identifier ?? '',
      catalogueCode,
      catalogueVersion,
      issuingBody,
      licenceNumber,
      holders,
      fields,
    },
    ...{ validFrom, validTo, issuedOn, status, commitment, caseNumber, verificationCode },
    ...(former && successionAct ? { succeeds: { identifier: former, act: successionAct } } : {}),
    changes: changes.map(({ sequence, act, fromStatus, toStatus, legalBasis, reason }) => ({
      ...{ sequence, act, fromStatus, toStatus, legalBasis, reason },
    })),
  };
}

function nameHolders(house: House, holders: readonly LicenceHolder[]): LicenceRecord['holders'] {
  return holders.map((holder) => ({
    ...{ name: holder.nameOnFace, type: holder.type, numberType: holder.numberType },
    number: revealHolderNumber(house, holder),
  }));
}

function groupBy<T extends { readonly licenceId: string }>(rows: readonly T[]): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const row of rows) {
    const group = groups.get(row.licenceId) ?? [];
    group.push(row);
    groups.set(row.licenceId, group);
  }
  return groups;
}

/** Ordered by format, then newest first. */
function newestOfEachFormat(files: readonly LicenceFileColumns[]): RecordedLicence['files'] {
  const newest = new Map<string, LicenceFileColumns>();
  for (const file of files) if (!newest.has(file.format)) newest.set(file.format, file);
  return [...newest.values()].map(({ format, version, digest, sizeBytes }) => ({ format, version, digest, sizeBytes }));
}
