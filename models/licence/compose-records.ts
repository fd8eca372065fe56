/** An issued licence as it leaves for other libraries: everything that was sealed, its status and its changes. */
import { Op } from 'sequelize';
import { revealHolderNumber } from '../holder/find-or-add-holder.ts';
import type { House } from '../house.ts';
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
  readonly changes: readonly Pick<
    ChangeColumns,
    'sequence' | 'act' | 'fromStatus' | 'toStatus' | 'legalBasis' | 'reason'
  >[];
}

export interface RecordedLicence {
  readonly licence: LicenceColumns;
  readonly record: LicenceRecord;
  /** The newest version of each format. */
  readonly files: readonly Pick<LicenceFileColumns, 'format' | 'version' | 'digest'>[];
}

/** Issued licences in the order of their identifiers, after one of them. */
export async function listIssued(house: House, after: string, limit: number): Promise<LicenceColumns[]> {
  const where = { state: 'issued' as const, identifier: { [Op.gt]: after } };
  const rows = await house.db.rows.licences.findAll({ where, order: [['identifier', 'ASC']], limit });
  return rows.map((row) => row.get());
}

/** A few queries for all of them together. */
export async function composeRecords(house: House, licences: readonly LicenceColumns[]): Promise<RecordedLicence[]> {
  const { licenceFiles, changes } = house.db.rows;
  const where = { licenceId: { [Op.in]: licences.map(({ id }) => id) } };
  const files = groupBy(
    await licenceFiles.findAll({
      where,
      order: [
        ['format', 'ASC'],
        ['version', 'DESC'],
      ],
    }),
  );
  const changed = groupBy(await changes.findAll({ where, order: [['sequence', 'ASC']] }));
  const holders = await loadHolders(house, licences);
  return licences.map((licence) => ({
    licence,
    record: composeRecord(licence, holders.get(licence.id) ?? [], changed.get(licence.id) ?? []),
    files: newestOfEachFormat(files.get(licence.id) ?? []),
  }));
}

function composeRecord(
  licence: LicenceColumns,
  holders: LicenceRecord['holders'],
  changes: readonly ChangeColumns[],
): LicenceRecord {
  const { catalogueCode, catalogueVersion, issuingBody, licenceNumber, fields, validFrom, validTo, issuedOn } = licence;
  const { status, commitment, caseNumber, verificationCode } = licence;
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
    changes: changes.map(({ sequence, act, fromStatus, toStatus, legalBasis, reason }) => ({
      ...{ sequence, act, fromStatus, toStatus, legalBasis, reason },
    })),
  };
}

async function loadHolders(
  house: House,
  licences: readonly LicenceColumns[],
): Promise<Map<string, LicenceRecord['holders']>> {
  const { licenceHolders, holders } = house.db.rows;
  const where = { licenceId: { [Op.in]: licences.map(({ id }) => id) } };
  const links = await licenceHolders.findAll({
    where,
    order: [
      ['licenceId', 'ASC'],
      ['position', 'ASC'],
    ],
  });
  const rows = await holders.findAll({
    where: { id: { [Op.in]: [...new Set(links.map(({ holderId }) => holderId))] } },
  });
  const byId = new Map(rows.map((row) => [row.id, row.get()]));
  const result = new Map<string, LicenceRecord['holders'][number][]>();
  for (const { licenceId, holderId, name } of links) {
    const holder = byId.get(holderId);
    if (!holder) continue;
    const list = result.get(licenceId) ?? [];
    list.push({ name, type: holder.type, numberType: holder.numberType, number: revealHolderNumber(house, holder) });
    result.set(licenceId, list);
  }
  return result;
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
  return [...newest.values()].map(({ format, version, digest }) => ({ format, version, digest }));
}
