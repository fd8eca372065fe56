/** Licences that waited for a person: when they were reviewed and sealed, or returned, the receipt in the department's row
 *  says so. Those that have not moved cost one look at their state. */

import { type AppliedRowColumns, findAwaiting } from '../../models/exchange-state/index.ts';
import type { House } from '../../models/house.ts';
import { inLanes } from '../../models/kernel/in-lanes.ts';
import { advanceLicence } from './advance-licence.ts';
import type { FrontEndProfile, MachinePass } from './profile.ts';
import { AWAITING } from './receipts.ts';
import { takeTurn } from './take-turn.ts';
import { type KeptFollowUp, writeFollowUps } from './write-follow-ups.ts';

const PAGE = 500;
const AT_ONCE = 4;

/** How many receipts changed. */
export async function followAwaiting(pass: MachinePass, profile: FrontEndProfile): Promise<number> {
  const { house, machine } = pass;
  const ruled = await findRuled(house, machine.organisationCode);
  let changed = 0;
  for (let after = ''; ; ) {
    const page = await findAwaiting(house, machine.name, AWAITING, after, PAGE);
    if (page.length > 0) changed += await followPage(pass, profile, page, ruled);
    if (page.length < PAGE) return changed;
    after = page.at(-1)?.id ?? '';
  }
}

async function followPage(
  pass: MachinePass,
  profile: FrontEndProfile,
  page: readonly AppliedRowColumns[],
  ruled: ReadonlySet<string>,
): Promise<number> {
  const { house, caller } = pass;
  const movable = await findMovable(house, page, ruled);
  const found: KeptFollowUp[] = [];
  await takeTurn(house, () =>
    inLanes(movable, AT_ONCE, async (applied) => {
      try {
        const receipt = await advanceLicence(house, caller, applied.licenceId ?? '');
        if (receipt.code === applied.receiptCode && receipt.text === applied.receiptText) return;
        found.push({ id: applied.id, followUp: { ...placeOf(applied), revision: applied.revision, receipt } });
      } catch (error) {
        house.log.error({ licenceId: applied.licenceId, error }, 'a waiting licence could not be taken further');
      }
    }),
  );
  await writeFollowUps(pass, profile, found);
  return found.length;
}

/** Machine, table and key; none of the first two holds a slash. */
function placeOf({ id }: AppliedRowColumns): { readonly table: string; readonly businessKey: string } {
  const [, table = '', ...key] = id.split('/');
  return { table, businessKey: key.join('/') };
}

/** Entries for which the issuer has a rule: what waits for review under the others waits for a person. */
async function findRuled(house: House, issuingBody: string): Promise<Set<string>> {
  const where = { issuingBody, state: 'in-force' as const };
  const rules = await house.db.rows.reviewRules.findAll({ where, attributes: ['catalogueCode'], raw: true });
  return new Set(rules.map(({ catalogueCode }) => catalogueCode));
}

async function findMovable(
  house: House,
  page: readonly AppliedRowColumns[],
  ruled: ReadonlySet<string>,
): Promise<AppliedRowColumns[]> {
  const ids = page.flatMap(({ licenceId }) => licenceId ?? []);
  const attributes = ['id', 'state', 'catalogueCode'];
  const where = { id: ids };
  const rows = await house.db.rows.licences.findAll({ where, attributes, raw: true });
  const still = new Set(
    rows.filter(({ state, catalogueCode }) => state === 'submitted' && !ruled.has(catalogueCode)).map(({ id }) => id),
  );
  return page.filter(
    ({ licenceId, receiptCode }) => licenceId && !(receiptCode === 'AWAITING_REVIEW' && still.has(licenceId)),
  );
}
