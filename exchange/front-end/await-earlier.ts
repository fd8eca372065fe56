/** A row that was refused because its catalogue entry or its licence is not known waits instead while a row that may bring it has no
 *  answer yet: entries that an error of ours has put off or that came after their turn, rows that another process holds, which
 *  may be dead. A refusal would be for good. */
import { findNewestEntries } from '../../models/catalogue/index.ts';
import { findNamed } from './load-licences.ts';
import type { FrontEndProfile, FrontEndRow, Hint, MachinePass } from './profile.ts';
import { WAITING_FOR_ENTRY } from './receipts.ts';
import type { Outcomes } from './row-outcome.ts';

const HINT: Hint = { code: WAITING_FOR_ENTRY, text: '目录尚不存在，而目录表中有未处理完的行；处理后本行自动继续' };

export async function awaitEarlier(pass: MachinePass, profile: FrontEndProfile, outcomes: Outcomes): Promise<void> {
  const lacking = (what: 'entry' | 'licence') =>
    [...outcomes].flatMap(([row, outcome]) => ('lacks' in outcome && outcome.lacks === what ? [row] : []));
  const attempt = async (rows: readonly FrontEndRow[], findWaiting: Find, hint?: Hint) => {
    if (rows.length === 0) return;
    try {
      for (const row of await findWaiting(pass, profile, rows))
        outcomes.set(row, { kind: 'waits', ...(hint ? { hint } : {}) });
    } catch (error) {
      for (const row of rows) outcomes.set(row, { kind: 'deferred', error });
    }
  };
  await attempt(lacking('entry'), findWithoutEntry, HINT);
  await attempt(lacking('licence'), findWithoutLicence);
}

type Find = (
  pass: MachinePass,
  profile: FrontEndProfile,
  rows: readonly FrontEndRow[],
) => Promise<readonly FrontEndRow[]>;

/** What is not open any more may have been answered since the row was judged; so the entry is looked for last. */
const findWithoutEntry: Find = async (pass, profile, rows) => {
  const table = profile.tables.find(({ kind }) => kind === 'catalogue');
  if (!table || (await profile.hasOpen(pass, table.name, 'anybody'))) return rows;
  const codeOf = ({ body }: FrontEndRow) => (typeof body.catalogueCode === 'string' ? body.catalogueCode : '');
  const known = new Set((await findNewestEntries(pass.house, rows.map(codeOf))).map(({ code }) => code));
  return rows.filter((row) => known.has(codeOf(row)));
};

/** Rows that this pass has put off hold back those behind them already. */
const findWithoutLicence: Find = async (pass, profile, rows) => {
  if (await profile.hasOpen(pass, rows[0]?.table ?? '', 'others')) return rows;
  const known = await findNamed(pass, rows);
  return rows.filter(({ identifier = '' }) => known.has(identifier));
};
