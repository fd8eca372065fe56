/** A licence that was held back from the province, or that the province refused, is told to its issuer where it came from: in the
 *  receipt of its row. When the province has it after all, that is told too. */
import {
  type AppliedRowColumns,
  findApplied,
  findNotices,
  markTold,
  type RowMark,
  updateReceipts,
} from '../../models/exchange-state/index.ts';
import { findLicences } from '../../models/licence/index.ts';
import { withTransaction } from '../../models/store/index.ts';
import type { FollowUp, FrontEndProfile, MachinePass } from './profile.ts';
import { makeReceipt } from './receipts.ts';

const PAGE = 500;

type RowPlace = Pick<RowMark, 'frontEnd' | 'table' | 'businessKey'>;

/** How many receipts were changed. */
export async function tellHeld(pass: MachinePass, profile: FrontEndProfile): Promise<number> {
  const { house, machine } = pass;
  const notices = await findNotices(house, machine.name, PAGE);
  if (notices.length === 0) return 0;
  const table = profile.tables.find(({ kind }) => kind === 'licence')?.name ?? '';
  const licences = await findLicences(
    house,
    notices.map(({ licenceId }) => licenceId),
  );
  const places = new Map(
    licences.flatMap(({ id, sourceKey }): [string, RowPlace][] =>
      sourceKey?.startsWith(`${machine.name}/`)
        ? [[id, { frontEnd: machine.name, table, businessKey: sourceKey.slice(machine.name.length + 1) }]]
        : [],
    ),
  );
  const applied = await findApplied(house, [...places.values()]);
  const changed = notices.flatMap(({ licenceId, cause }) => {
    const place = places.get(licenceId);
    const row = place && applied.get(`${place.frontEnd}/${place.table}/${place.businessKey}`);
    return place && row ? [{ id: row.id, followUp: tell(place, row, cause) }] : [];
  });
  // The rows first: should the process end here, the next pass writes them once more.
  if (changed.length > 0) {
    await profile.followUp(
      pass,
      changed.map(({ followUp }) => followUp),
    );
    await updateReceipts(
      house,
      changed.map(({ id, followUp: { revision, receipt } }) => ({ id, revision, receipt })),
    );
  }
  await withTransaction(house.db, (tx) => markTold(house, tx, notices));
  return changed.length;
}

function tell(
  { table, businessKey }: RowPlace,
  { revision, licenceId }: AppliedRowColumns,
  cause: string | null,
): FollowUp {
  const receipt =
    cause === null ? makeReceipt('WITH_PROVINCE', '', licenceId) : makeReceipt('HELD_FROM_PROVINCE', cause, licenceId);
  return { table, businessKey, revision, receipt };
}
