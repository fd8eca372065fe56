/** What a department is told of its licence. */
import { Op, type WhereOptions } from 'sequelize';
import { findEntryTraits } from '../catalogue/find-entry.ts';
import { revealHolderNumber } from '../holder/find-or-add-holder.ts';
import type { House } from '../house.ts';
import { groupBy } from '../kernel/group-by.ts';
import { maskNumber } from '../kernel/sensitive.ts';
import { type ComparisonOutcome, findComparisons, type RegistryName } from '../registry/index.ts';
import type { RegistryComparisonColumns } from '../registry/rows.ts';
import { readRows } from '../store/bulk-read.ts';
import type { Table } from '../store/define-table.ts';
import type { Tx } from '../store/with-transaction.ts';
import { approvalsOf } from './approvals.ts';
import { findStanding } from './find-standing.ts';
import { findVersions, type VersionLink } from './find-versions.ts';
import { loadHolders } from './load-holders.ts';
import type { ChangeColumns, LicenceColumns, PlannedMoveColumns } from './rows.ts';
import type { LicenceState, LicenceStatus } from './states.ts';
import { viewStock } from './stock.ts';

export interface LicenceView {
  readonly licenceId: string;
  readonly state: LicenceState;
  readonly status: LicenceStatus | null;
  readonly identifier: string | null;
  readonly catalogueCode: string;
  readonly catalogueVersion: number;
  readonly catalogueName: string;
  readonly issuingBody: string;
  readonly licenceNumber: string;
  /** Numbers are masked. */
  readonly holders: readonly {
    readonly holderId: string;
    readonly name: string;
    readonly type: string;
    readonly number: string;
  }[];
  readonly fields: Readonly<Record<string, string>>;
  readonly validFrom: string | null;
  readonly validTo: string | null;
  readonly issuedOn: string | null;
  readonly caseNumber: string | null;
  readonly commitment: boolean;
  readonly source: LicenceColumns['source'];
  readonly verificationCode: string | null;
  readonly files: readonly {
    readonly format: string;
    readonly version: number;
    readonly sizeBytes: number;
    readonly sm3: string;
  }[];
  readonly reviews: readonly {
    readonly decision: string;
    readonly reviewerType: string;
    readonly reason: string | null;
    readonly at: string;
  }[];
  /** How many persons (or, where one is needed, a rule) have approved exactly these contents, of how many. */
  readonly approvals: { readonly given: number; readonly needed: number };
  /** SM3 of what is reviewed and sealed. */
  readonly contentDigest: string;
  /** `stock`: digitised from a paper that was issued before. */
  readonly origin: 'new' | 'stock';
  /** Of a stock licence: what is printed on its paper. */
  readonly paperNumber: string | null;
  /** With the population and legal-person registries: the newest of each holder. */
  readonly registryComparisons: readonly {
    /** Place of the holder, from 0. */
    readonly holder: number;
    readonly registry: RegistryName;
    readonly outcome: ComparisonOutcome;
    readonly fields: readonly string[];
    readonly at: string;
  }[];
  readonly changes: readonly {
    readonly act: string;
    readonly fromStatus: string | null;
    readonly toStatus: string;
    readonly legalBasis: string | null;
    readonly reason: string | null;
    readonly at: string;
    readonly effectiveAt: string;
  }[];
  /** The licence whose place it took, and the new version that takes or took its own. */
  readonly succeeds: VersionLink | null;
  readonly succeededBy: VersionLink | null;
  /** Moves for later, and what became of them. */
  readonly plannedMoves: readonly {
    readonly moveId: string;
    readonly act: string;
    readonly legalBasis: string | null;
    readonly reason: string | null;
    readonly effectiveAt: string;
    readonly state: PlannedMoveColumns['state'];
    /** Why it failed or was withdrawn. */
    readonly why: string | null;
  }[];
}

/** Of one licence. */
export async function viewLicence(house: House, row: LicenceColumns, tx?: Tx): Promise<LicenceView> {
  const [view] = await viewLicences(house, [row], tx);
  if (!view) throw new RangeError('one licence, one view');
  return view;
}

/** In their order, with one question of each table however many they are. */
export async function viewLicences(house: House, rows: readonly LicenceColumns[], tx?: Tx): Promise<LicenceView[]> {
  const beside = await findBeside(house, rows, tx);
  return rows.map((row) => composeView(house, row, beside));
}

type Beside = Awaited<ReturnType<typeof findBeside>>;

async function findBeside(house: House, rows: readonly LicenceColumns[], tx: Tx | undefined) {
  const { licenceFiles, reviews, changes, plannedMoves } = house.db.rows;
  const all = rows.map(({ id }) => id);
  // Before it is issued there are neither files nor changes.
  const issued = rows.flatMap(({ id, identifier }) => (identifier === null ? [] : [id]));
  const of = <Columns extends { licenceId: string }>(table: Table<Columns>, ids: readonly string[], ...by: string[]) =>
    readOf(table, ids, by, tx);
  return {
    holders: await loadHolders(house, all, tx),
    files: await of(licenceFiles, issued, 'version', 'format'),
    reviews: await of(reviews, all, 'id'),
    changes: await of(changes, issued, 'sequence'),
    planned: await of(plannedMoves, issued, 'effectiveAt'),
    versions: await findVersions(house, rows, tx),
    compared: groupBy(await findComparisons(house, all, tx), ({ licenceId }) => licenceId),
    standing: await findStanding(house, rows, tx),
    traits: await findEntryTraits(house, rows, tx),
  };
}

async function readOf<Columns extends { licenceId: string }>(
  table: Table<Columns>,
  ids: readonly string[],
  by: readonly string[],
  tx: Tx | undefined,
): Promise<ReadonlyMap<string, readonly Columns[]>> {
  if (ids.length === 0) return new Map();
  const where = { licenceId: { [Op.in]: [...ids] } } as WhereOptions<Columns>;
  const rows = await readRows(table, { where, order: by.map((column) => [column, 'ASC']), tx });
  return groupBy(rows, ({ licenceId }) => licenceId);
}

function composeView(house: House, row: LicenceColumns, beside: Beside): LicenceView {
  const { id } = row;
  const reviewed = beside.reviews.get(id) ?? [];
  const { name, reviewers } = beside.traits(row);
  return {
    ...{ licenceId: id, state: row.state, status: beside.standing.get(id) ?? null, identifier: row.identifier },
    ...{ catalogueCode: row.catalogueCode, catalogueVersion: row.catalogueVersion, catalogueName: name },
    ...{ issuingBody: row.issuingBody, licenceNumber: row.licenceNumber },
    holders: (beside.holders.get(id) ?? []).map((holder) => ({
      ...{ holderId: holder.id, name: holder.nameOnFace, type: holder.type },
      number: maskNumber(revealHolderNumber(house, holder)),
    })),
    ...{ fields: row.fields, validFrom: row.validFrom, validTo: row.validTo, issuedOn: row.issuedOn },
    ...{ caseNumber: row.caseNumber, commitment: row.commitment, source: row.source },
    verificationCode: row.verificationCode,
    files: (beside.files.get(id) ?? []).map(({ format, version, sizeBytes, digest }) => {
      return { format, version, sizeBytes, sm3: digest };
    }),
    reviews: reviewed.map(({ decision, reviewerType, reason, createdAt }) => {
      return { decision, reviewerType, reason, at: createdAt.toISOString() };
    }),
    approvals: { given: approvalsOf(reviewed, row.contentDigest).length, needed: reviewers },
    contentDigest: row.contentDigest,
    ...viewStock(row),
    registryComparisons: (beside.compared.get(id) ?? []).map(viewComparison),
    changes: (beside.changes.get(id) ?? []).map(viewChange),
    ...(beside.versions.get(id) ?? { succeeds: null, succeededBy: null }),
    plannedMoves: (beside.planned.get(id) ?? []).map(viewPlan),
  };
}

function viewComparison({ position, registry, outcome, fields, comparedAt }: RegistryComparisonColumns) {
  return { holder: position, registry, outcome, fields, at: comparedAt.toISOString() };
}

function viewChange({ act, fromStatus, toStatus, legalBasis, reason, createdAt, effectiveAt }: ChangeColumns) {
  const times = { at: createdAt.toISOString(), effectiveAt: effectiveAt.toISOString() };
  return { act, fromStatus, toStatus, legalBasis, reason, ...times };
}

function viewPlan({ id: moveId, act, legalBasis, reason, effectiveAt, state, why }: PlannedMoveColumns) {
  return { moveId, act, legalBasis, reason, effectiveAt: effectiveAt.toISOString(), state, why };
}
