/** What each row of a licence asks for: a change of status, maintenance of an issued one, a licence that the department has
 *  sealed, or a submission. */
import { type AppliedRowColumns, appliedId } from '../../models/exchange-state/index.ts';
import { Fault, type PointedFault, throwFaults } from '../../models/kernel/fault.ts';
import { toPointedFaults } from '../../models/kernel/zod-faults.ts';
import {
  type MaintenanceItem,
  type StatusItem,
  type Submission,
  type SubmissionItem,
  statusChangeSchema,
  submissionSchema,
} from '../../models/licence/index.ts';
import { arrivalOf } from './arrival.ts';
import type { KnownLicence, KnownLicences } from './load-licences.ts';
import type { FrontEndProfile, FrontEndRow, MachinePass, SealedFacts } from './profile.ts';
import { type Outcomes, outcomeOfFault } from './row-outcome.ts';
import type { Planned } from './run-bulk.ts';

export type PlannedSealed = Planned<SubmissionItem> & { readonly sealed: SealedFacts };

export interface LicencePlan {
  readonly statuses: Planned<StatusItem>[];
  readonly maintenance: Planned<MaintenanceItem>[];
  readonly submissions: Planned<SubmissionItem>[];
  readonly sealed: PlannedSealed[];
}

export function planLicences(
  pass: MachinePass,
  profile: FrontEndProfile,
  rows: readonly FrontEndRow[],
  known: ReadonlyMap<string, AppliedRowColumns>,
  licences: KnownLicences,
  outcomes: Outcomes,
): LicencePlan {
  const plan: LicencePlan = { statuses: [], maintenance: [], submissions: [], sealed: [] };
  for (const row of rows) {
    const licenceId = known.get(appliedId(row))?.licenceId;
    const earlier = licenceId ? licences.byId.get(licenceId) : undefined;
    try {
      if (row.operation === 'status') {
        plan.statuses.push({
          row,
          item: readStatus(pass, profile, row, earlier ?? licences.byIdentifier.get(row.identifier ?? '')),
        });
      } else if (earlier?.state === 'issued') {
        plan.maintenance.push({ row, item: readMaintenance(pass, row, earlier) });
      } else if (earlier?.state === 'sealing') {
        outcomes.set(row, { kind: 'deferred', error: new Error('the licence is being sealed at this moment') });
      } else planSubmission(plan, row, earlier);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      outcomes.set(row, outcomeOfFault(profile, row, error));
    }
  }
  return plan;
}

/** A legal move of an issued licence, in real time. */
function readStatus(
  pass: MachinePass,
  profile: FrontEndProfile,
  row: FrontEndRow,
  licence: KnownLicence | undefined,
): StatusItem {
  const read = statusChangeSchema.safeParse(row.body, { reportInput: true });
  const found: PointedFault[] = licence
    ? namesAnother(row, licence)
    : [{ pointer: '/business_key', code: 'NOT_FOUND' }];
  throwFaults([...row.faults, ...unsaid(row, read.error), ...(row.faults.length > 0 || read.error ? [] : found)]);
  const change = statusChangeSchema.parse(row.body);
  const mayOmitBasis = !profile.statesBasis;
  return { licenceId: licence?.id ?? '', change, mayOmitBasis, arrival: arrivalOf(pass, row) };
}

/** The key has made one licence, the identifier is another's: which of them is meant cannot be known. */
function namesAnother({ identifier }: FrontEndRow, licence: KnownLicence): PointedFault[] {
  const said = identifier?.trim().toUpperCase();
  if (!said || !licence.identifier || said === licence.identifier.toUpperCase()) return [];
  return [
    { pointer: '/identifier', code: 'STATE_CONFLICT', detail: `business_key 对应的证照标识为 ${licence.identifier}` },
  ];
}

/** The facts once more: what does not stand on the sealed face may be new. */
function readMaintenance(pass: MachinePass, row: FrontEndRow, licence: KnownLicence): MaintenanceItem {
  const read = submissionSchema.safeParse(row.body, { reportInput: true });
  const { succeeds } = read.data ?? {};
  throwFaults([
    ...row.faults,
    ...unsaid(row, read.error),
    ...sealedOtherwise(row.sealed, licence),
    ...succeedsOtherwise(succeeds, licence),
  ]);
  const { succeeds: _, ...facts } = submissionSchema.parse(row.body);
  return { licenceId: licence.id, facts, whole: true, arrival: arrivalOf(pass, row) };
}

/** Identifier and date of issue stand on the files. */
function sealedOtherwise(sealed: SealedFacts | undefined, licence: KnownLicence): PointedFault[] {
  const faults: PointedFault[] = [];
  const said = sealed?.identifier.trim().toUpperCase();
  if (said && said !== licence.identifier) faults.push({ pointer: '/identifier', code: 'FACE_DATA_CHANGED' });
  if (sealed?.issuedOn && sealed.issuedOn !== licence.issuedOn)
    faults.push({ pointer: '/issuedOn', code: 'FACE_DATA_CHANGED' });
  return faults;
}

/** Whose place it took is as it was issued; a new version of it comes with a key of its own. */
function succeedsOtherwise(
  succeeds: Submission['succeeds'],
  { formerIdentifier, successionAct }: KnownLicence,
): PointedFault[] {
  if (!succeeds) return [];
  const faults: PointedFault[] = [];
  if (succeeds.identifier !== formerIdentifier)
    faults.push({
      pointer: '/succeeds/identifier',
      code: 'FACE_DATA_CHANGED',
      detail: '新版本请使用新的 business_key',
    });
  if (succeeds.act !== successionAct) faults.push({ pointer: '/succeeds/act', code: 'FACE_DATA_CHANGED' });
  return faults;
}

type ZodFailure = { readonly issues: Parameters<typeof toPointedFaults>[0] } | undefined;

/** What could not be read is missing afterwards; that is not said again. */
function unsaid({ faults }: FrontEndRow, error: ZodFailure): PointedFault[] {
  const unread = faults.map(({ pointer }) => pointer);
  return toPointedFaults(error?.issues ?? []).filter(
    ({ pointer }) => !unread.some((prefix) => pointer === prefix || pointer.startsWith(`${prefix}/`)),
  );
}

function planSubmission(plan: LicencePlan, row: FrontEndRow, earlier: KnownLicence | undefined): void {
  const isReplaced = earlier && earlier.state !== 'returned' && earlier.state !== 'withdrawn';
  const from = {
    ...{ source: 'front-end' as const, sourceKey: `${row.frontEnd}/${row.businessKey}` },
    ...(isReplaced ? { replaces: earlier.id } : {}),
  };
  const item: SubmissionItem = { body: row.body, from, unread: row.faults };
  if (row.sealed) plan.sealed.push({ row, item, sealed: row.sealed });
  else plan.submissions.push({ row, item });
}
