/** Judge many submissions at once, each alone and by the same rules: what the store knows is asked once for all of them. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Op } from 'sequelize';
import { requireOrganisation } from '../account/require-role.ts';
import { findCurrentEntry } from '../catalogue/find-entry.ts';
import type { CatalogueColumns } from '../catalogue/rows.ts';
import type { Caller, House } from '../house.ts';
import { Fault, type PointedFault, throwFaults } from '../kernel/fault.ts';
import { requireActive } from '../organisation/require-active.ts';
import type { IssueFacts } from './compose-sealing-task.ts';
import { openLint } from './lint-licence.ts';
import { numberKeyOf } from './number-licence.ts';
import type { LicenceColumns } from './rows.ts';
import { checkStock } from './stock.ts';
import { readSubmission, type Submission } from './submission.ts';
import { openSuccessions, type Predecessor } from './succession.ts';

export interface SubmissionSource {
  readonly source: LicenceColumns['source'];
  /** Front-end machine and business key, or the sheet's row. */
  readonly sourceKey?: string;
  /** A submission of the same source that is not sealed yet: it is withdrawn when this one is stored. */
  readonly replaces?: string;
  /** Where the way in says that it was issued on paper and is digitised, and when: YYYY-MM-DD. */
  readonly stock?: { readonly issuedOn: string };
}

export interface SubmissionItem {
  readonly body: unknown;
  readonly from: SubmissionSource;
  /** What could not even be read of it; the rest is judged all the same. */
  readonly unread?: readonly PointedFault[];
}

/** A submission without a fault, and the entry it is issued under. */
export interface AcceptedSubmission {
  readonly entry: CatalogueColumns;
  readonly submission: Submission;
  readonly from: SubmissionSource;
  /** It is issued already: its department has sealed it. */
  readonly issue?: IssueFacts;
  /** The licence whose place it takes. */
  readonly predecessor?: Predecessor;
}

export type JudgedSubmission = { readonly accepted: AcceptedSubmission } | { readonly fault: Fault };

interface EntryToJudge {
  readonly entry: CatalogueColumns;
  readonly lint: Awaited<ReturnType<typeof openLint>>;
}

const ITEMS_A_TURN = 10;

/** In the order of the items. Throws only what is no item's fault. A number that stands twice is refused the second time. */
export async function judgeSubmissions(
  house: House,
  caller: Caller,
  items: readonly SubmissionItem[],
): Promise<readonly JudgedSubmission[]> {
  const read = items.map(({ body, unread = [] }) => {
    const { submission, faults } = readSubmission(body);
    return { submission, faults: [...unread, ...faults.filter((fault) => !isBelow(fault, unread))] };
  });
  const entries = await findEntries(house, caller, read);
  const taken = await findTaken(house, read, entries);
  const successions = await openSuccessions(
    house,
    read.map(({ submission }) => submission),
  );
  const judged: JudgedSubmission[] = [];
  for (const [index, { submission, faults }] of read.entries()) {
    // Drawing is tried on every face: others of this process come in between.
    if (index % ITEMS_A_TURN === ITEMS_A_TURN - 1) await nextTurn();
    const from = items[index]?.from ?? { source: 'api' };
    const unread = items[index]?.unread ?? [];
    try {
      const { entry, lint } = requireEntry(submission, faults, entries);
      const key = keyOf(entry, submission);
      const { predecessor, faults: unfit } = successions.judge(submission, entry.issuingBody, from.replaces);
      const owner = key === undefined ? undefined : taken.get(key);
      const number: PointedFault[] =
        owner !== undefined && owner !== from.replaces && owner !== predecessor?.id
          ? [{ pointer: `/fields/${entry.definition.numberField}`, code: 'LICENCE_NUMBER_DUPLICATE' }]
          : [];
      const found = [...lint(submission), ...checkStock(house, submission, from, entry), ...number, ...unfit];
      throwFaults([...faults, ...found.filter((fault) => !isBelow(fault, unread))]);
      if (key !== undefined) taken.set(key, `item ${index}`);
      if (predecessor) successions.take(predecessor, `item ${index}`);
      const accepted = { entry, submission: submission as Submission, from };
      judged.push({ accepted: predecessor ? { ...accepted, predecessor } : accepted });
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      judged.push({ fault: error });
    }
  }
  return judged;
}

/** What could not be read is missing afterwards; that is not said again. */
function isBelow({ pointer }: PointedFault, unread: readonly PointedFault[]): boolean {
  return unread.some((one) => pointer === one.pointer || pointer.startsWith(`${one.pointer}/`));
}

type Read = ReturnType<typeof readSubmission>;
type Entries = ReadonlyMap<string, EntryToJudge | Fault>;

/** The entry each code stands for today, or why this caller may not issue under it. */
async function findEntries(house: House, caller: Caller, read: readonly Read[]): Promise<Entries> {
  const codes = new Set(read.flatMap(({ submission: { catalogueCode } }) => catalogueCode ?? []));
  const entries = new Map<string, EntryToJudge | Fault>();
  for (const code of codes) {
    const entry = await findCurrentEntry(house, code);
    if (!entry) continue;
    entries.set(code, await openEntry(house, caller, entry));
  }
  return entries;
}

async function openEntry(house: House, caller: Caller, entry: CatalogueColumns): Promise<EntryToJudge | Fault> {
  try {
    if (requireOrganisation(caller) !== entry.issuingBody) throw new Fault('FOREIGN_ISSUER');
    await requireActive(house, entry.issuingBody);
  } catch (error) {
    if (error instanceof Fault) return error;
    throw error;
  }
  return { entry, lint: await openLint(house, entry) };
}

function requireEntry({ catalogueCode }: Partial<Submission>, faults: readonly PointedFault[], entries: Entries) {
  const found = catalogueCode ? entries.get(catalogueCode) : undefined;
  if (found instanceof Fault) throw found;
  if (found) return found;
  throwFaults([
    ...faults,
    ...(catalogueCode ? [{ pointer: '/catalogueCode', code: 'CATALOGUE_UNKNOWN' as const }] : []),
  ]);
  throw new Fault('CATALOGUE_UNKNOWN');
}

function keyOf(entry: CatalogueColumns, { fields }: Partial<Submission>): string | undefined {
  const number = fields?.[entry.definition.numberField]?.trim();
  return number ? numberKeyOf(entry.code, number) : undefined;
}

/** Licences by the numbers they hold. */
async function findTaken(house: House, read: readonly Read[], entries: Entries): Promise<Map<string, string>> {
  const keys = read.flatMap(({ submission }) => {
    const found = submission.catalogueCode ? entries.get(submission.catalogueCode) : undefined;
    return found && !(found instanceof Fault) ? (keyOf(found.entry, submission) ?? []) : [];
  });
  if (keys.length === 0) return new Map();
  const rows = await house.db.rows.licences.findAll({
    where: { numberKey: { [Op.in]: keys } },
    attributes: ['id', 'numberKey'],
    raw: true,
  });
  return new Map(rows.map(({ id, numberKey }) => [numberKey ?? '', id]));
}
