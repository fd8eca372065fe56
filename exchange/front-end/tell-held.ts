/** A licence that was held back from the province, or that the province refused, is told to its issuer where it came from: in the
 *  receipt of its row. When the province has it after all, that is told too. */
import {
  type AppliedRowColumns,
  appliedId,
  findLastApplied,
  findNotices,
  markTold,
} from '../../models/exchange-state/index.ts';
import { withTransaction } from '../../models/store/index.ts';
import type { FollowUp, FrontEndProfile, MachinePass } from './profile.ts';
import { makeReceipt } from './receipts.ts';
import { writeFollowUps } from './write-follow-ups.ts';

const PAGE = 500;

/** How many receipts were changed. */
export async function tellHeld(pass: MachinePass, profile: FrontEndProfile): Promise<number> {
  let changed = 0;
  for (let after = ''; ; ) {
    const notices = await findNotices(pass.house, pass.machine.name, after, PAGE);
    if (notices.length > 0) changed += await tellPage(pass, profile, notices);
    if (notices.length < PAGE) return changed;
    after = notices.at(-1)?.id ?? '';
  }
}

type Notices = Awaited<ReturnType<typeof findNotices>>;

/** A licence may have come another way in, and its change from here: the row that was applied to it last is told. A notice that
 *  has no row here yet is kept. */
async function tellPage(pass: MachinePass, profile: FrontEndProfile, notices: Notices): Promise<number> {
  const { house, machine } = pass;
  const place = { frontEnd: machine.name, table: profile.tables.find(({ kind }) => kind === 'licence')?.name ?? '' };
  const ids = notices.map(({ licenceId }) => licenceId);
  const rows = await findLastApplied(house, place, ids);
  const changed = notices.flatMap((notice) => {
    const row = rows.get(notice.licenceId);
    const businessKey = row?.id.slice(appliedId({ ...place, businessKey: '' }).length) ?? '';
    return row ? [{ notice, id: row.id, followUp: tell(place.table, businessKey, row, notice.cause) }] : [];
  });
  if (changed.length === 0) return 0;
  await writeFollowUps(pass, profile, changed);
  const told = changed.map(({ notice }) => notice);
  await withTransaction(house.db, (tx) => markTold(house, tx, told));
  return changed.length;
}

function tell(
  table: string,
  businessKey: string,
  { revision, licenceId }: AppliedRowColumns,
  cause: string | null,
): FollowUp {
  const receipt =
    cause === null ? makeReceipt('WITH_PROVINCE', '', licenceId) : makeReceipt('HELD_FROM_PROVINCE', cause, licenceId);
  return { table, businessKey, revision, receipt };
}
