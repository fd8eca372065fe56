/** What a department is told of its licence. */
import { getEntryTraits } from '../catalogue/find-entry.ts';
import { revealHolderNumber } from '../holder/find-or-add-holder.ts';
import type { House } from '../house.ts';
import { maskNumber } from '../kernel/sensitive.ts';
import { type ComparisonOutcome, findComparisons, type RegistryName } from '../registry/index.ts';
import type { Tx } from '../store/with-transaction.ts';
import { approvalsOf } from './approvals.ts';
import { findHolders } from './find-holders.ts';
import { getStanding } from './find-standing.ts';
import { findVersions, type VersionLink } from './find-versions.ts';
import type { LicenceColumns, PlannedMoveColumns } from './rows.ts';
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

export async function viewLicence(house: House, row: LicenceColumns, tx?: Tx): Promise<LicenceView> {
  const { licenceFiles, reviews, changes, plannedMoves } = house.db.rows;
  const options = tx ? { transaction: tx } : {};
  const where = { licenceId: row.id };
  const holders = await findHolders(house, row.id, tx);
  // Before it is issued there are neither files nor changes.
  const issued = row.identifier !== null;
  const files = !issued
    ? []
    : await licenceFiles.findAll({
        where,
        order: [
          ['version', 'ASC'],
          ['format', 'ASC'],
        ],
        ...options,
      });
  const reviewed = await reviews.findAll({ where, order: [['id', 'ASC']], ...options });
  const changed = !issued ? [] : await changes.findAll({ where, order: [['sequence', 'ASC']], ...options });
  const planned = !issued ? [] : await plannedMoves.findAll({ where, order: [['effectiveAt', 'ASC']], ...options });
  const versions = await findVersions(house, row, tx);
  const compared = await findComparisons(house, [row.id], tx);
  const entry = await getEntryTraits(house, row.catalogueCode, row.catalogueVersion, tx);
  return {
    licenceId: row.id,
    state: row.state,
    status: await getStanding(house, row, tx),
    identifier: row.identifier,
    catalogueCode: row.catalogueCode,
    catalogueVersion: row.catalogueVersion,
    catalogueName: entry.name,
    issuingBody: row.issuingBody,
    licenceNumber: row.licenceNumber,
    holders: holders.map((holder) => ({
      holderId: holder.id,
      name: holder.nameOnFace,
      type: holder.type,
      number: maskNumber(revealHolderNumber(house, holder)),
    })),
    fields: row.fields,
    validFrom: row.validFrom,
    validTo: row.validTo,
    issuedOn: row.issuedOn,
    caseNumber: row.caseNumber,
    commitment: row.commitment,
    source: row.source,
    verificationCode: row.verificationCode,
    files: files.map(({ format, version, sizeBytes, digest }) => ({ format, version, sizeBytes, sm3: digest })),
    reviews: reviewed.map(({ decision, reviewerType, reason, createdAt }) => ({
      decision,
      reviewerType,
      reason,
      at: createdAt.toISOString(),
    })),
    approvals: { given: approvalsOf(reviewed, row.contentDigest).length, needed: entry.reviewers },
    contentDigest: row.contentDigest,
    ...viewStock(row),
    registryComparisons: compared.map(({ position, registry, outcome, fields, comparedAt }) => ({
      ...{ holder: position, registry, outcome, fields },
      at: comparedAt.toISOString(),
    })),
    changes: changed.map(({ act, fromStatus, toStatus, legalBasis, reason, createdAt, effectiveAt }) => ({
      ...{ act, fromStatus, toStatus, legalBasis, reason },
      ...{ at: createdAt.toISOString(), effectiveAt: effectiveAt.toISOString() },
    })),
    ...versions,
    plannedMoves: planned.map(({ id: moveId, act, legalBasis, reason, effectiveAt, state, why }) => ({
      ...{ moveId, act, legalBasis, reason, effectiveAt: effectiveAt.toISOString(), state, why },
    })),
  };
}
