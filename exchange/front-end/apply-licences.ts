/** Rows of licences, each of another key, in a handful of acts upon many. */
import type { AppliedRowColumns } from '../../models/exchange-state/index.ts';
import { changeStatuses, LICENCE_STATUSES, maintainRecords } from '../../models/licence/index.ts';
import { issuedReceipt } from './advance-licence.ts';
import { applySealed } from './apply-sealed.ts';
import { applySubmissions } from './apply-submissions.ts';
import { loadLicences } from './load-licences.ts';
import { planLicences } from './plan-licences.ts';
import type { FrontEndProfile, FrontEndRow, MachinePass } from './profile.ts';
import { makeReceipt } from './receipts.ts';
import type { Outcomes } from './row-outcome.ts';
import { runBulk } from './run-bulk.ts';

/** Throws `AppliedMeanwhile`; the rows without an outcome are to be looked at again. */
export async function applyLicences(
  pass: MachinePass,
  profile: FrontEndProfile,
  rows: readonly FrontEndRow[],
  known: ReadonlyMap<string, AppliedRowColumns>,
  outcomes: Outcomes,
): Promise<void> {
  const { house, caller } = pass;
  const licences = await loadLicences(pass, rows, known);
  const plan = planLicences(pass, profile, rows, known, licences, outcomes);
  const statuses = {
    act: (items: Parameters<typeof changeStatuses>[2], remember: Parameters<typeof changeStatuses>[3]) =>
      changeStatuses(house, caller, items, remember),
    receipt: ({ status, licenceId, identifier }: Changed) => ({
      ...makeReceipt('STATUS_CHANGED', status ? LICENCE_STATUSES[status].zh : '', licenceId),
      identifier,
    }),
  };
  await runBulk(pass, profile, plan.statuses, statuses, outcomes);
  const maintenance = {
    act: (items: Parameters<typeof maintainRecords>[2], remember: Parameters<typeof maintainRecords>[3]) =>
      maintainRecords(house, caller, items, remember),
    receipt: ({ licence, pointers }: Maintained, row: FrontEndRow) => {
      if (pointers.length === 0) return issuedReceipt(house, licence);
      const columns = pointers.map((pointer) => profile.nameColumn('licence', pointer)).join('、');
      const words = row.sealed ? `${columns}（证照文件不变，不接收新文件）` : columns;
      return { ...makeReceipt('AMENDED', words, licence.id), identifier: licence.identifier };
    },
  };
  // New files of an issued licence are not taken: they are told so when the tables are tidied.
  const maintained = plan.maintenance.map((one) => ({ ...one, files: 'none' as const }));
  await runBulk(pass, profile, maintained, maintenance, outcomes);
  await applySealed(pass, profile, plan.sealed, outcomes);
  await applySubmissions(pass, profile, plan.submissions, outcomes);
}

type Done<T> = T extends { readonly done: infer D } ? D : never;
type Changed = Done<Awaited<ReturnType<typeof changeStatuses>>[number]>;
type Maintained = Done<Awaited<ReturnType<typeof maintainRecords>>[number]>;
