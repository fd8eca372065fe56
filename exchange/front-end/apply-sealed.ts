/** Licences that the department has sealed itself. Each waits until all its files lie there; then they are read, a portion at a
 *  time, verified, stored and recorded, without any seal of ours. */
import { Fault, type PointedFault, throwFaults } from '../../models/kernel/fault.ts';
import { acceptSealedLicences, type HandedFile, judgeAhead, type SealedItem } from '../../models/licence/index.ts';
import { issuedReceipt } from './advance-licence.ts';
import { arrivalOf } from './arrival.ts';
import type { PlannedSealed } from './plan-licences.ts';
import type { FileRef, FrontEndProfile, MachinePass } from './profile.ts';
import { LARGE_BYTES, readHanded } from './read-handed.ts';
import { makeReadingRest, type ReadingRest } from './reading-rest.ts';
import { WAITING_FOR_FILES } from './receipts.ts';
import { type Outcomes, outcomeOfFault } from './row-outcome.ts';
import { type Planned, runBulk } from './run-bulk.ts';
import { takeTurn } from './take-turn.ts';

const MOST_FILES = 2;
/** Of one file, known before a byte is read. */
const MOST_FILE_BYTES = 100_000_000;
/** Of small files in one portion; two are in memory at once. */
const PORTION_BYTES = 3_000_000;
const PORTION_ROWS = 200;

interface Complete extends PlannedSealed {
  readonly present: readonly FileRef[];
  readonly bytes: number;
}

/** Throws `AppliedMeanwhile`; the rows without an outcome are to be looked at again. */
export async function applySealed(
  pass: MachinePass,
  profile: FrontEndProfile,
  planned: readonly PlannedSealed[],
  outcomes: Outcomes,
): Promise<void> {
  if (planned.length === 0) return;
  const rest = makeReadingRest(pass);
  const rows = planned.map(({ row }) => row);
  const listed = new Map<string, readonly FileRef[]>();
  await rest.attempt(rows, outcomes, async () => {
    for (const [key, files] of await profile.listFiles(pass, rows)) listed.set(key, files);
  });
  const open = planned.filter(({ row }) => !outcomes.has(row));
  const complete = open.flatMap((one) => {
    try {
      return findComplete(one, listed.get(one.row.businessKey) ?? [], outcomes);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      outcomes.set(one.row, outcomeOfFault(profile, one.row, error));
      return [];
    }
  });
  await applyPortions(pass, profile, complete, outcomes, rest);
}

/** While one portion is recorded the next is read and verified; they are recorded one after another. A portion that cannot be read
 *  is left to a later pass, and no other with it. */
async function applyPortions(
  pass: MachinePass,
  profile: FrontEndProfile,
  complete: readonly Complete[],
  outcomes: Outcomes,
  rest: ReadingRest,
): Promise<void> {
  let recorded: Promise<void> = Promise.resolve();
  try {
    for (const portion of inPortions(rest.sort(complete, ({ row }) => row))) {
      const rows = portion.map(({ row }) => row);
      const [first] = portion;
      if (portion.length === 1 && first && first.bytes > LARGE_BYTES) {
        await recorded;
        await rest.attempt(rows, outcomes, async () => {
          await applyAlone(pass, profile, first, outcomes);
          rest.noteRead(rows);
        });
        continue;
      }
      let verified: Verified = [];
      await rest.attempt(rows, outcomes, async () => {
        verified = await verifyPortion(pass, profile, portion);
        rest.noteRead(rows);
      });
      await recorded;
      recorded = record(pass, profile, verified, outcomes);
      // Whoever waits for it comes later; until then its failure is nobody's.
      recorded.catch(() => undefined);
    }
    await recorded;
  } catch (error) {
    await Promise.allSettled([recorded]);
    throw error;
  }
}

function findComplete(one: PlannedSealed, present: readonly FileRef[], outcomes: Outcomes): Complete[] {
  const { expected } = one.sealed;
  if (!Number.isInteger(expected) || expected < 1 || expected > MOST_FILES) {
    throwFaults([{ pointer: '/sealed_files', code: 'FIELD_TYPE', detail: '0 / 1 / 2' }]);
  }
  if (present.length < expected) {
    const text = `等待签章文件：已到 ${present.length}，应有 ${expected}`;
    outcomes.set(one.row, { kind: 'waits', hint: { code: WAITING_FOR_FILES, text } });
    return [];
  }
  const item = { ...one.item, unread: [...(one.item.unread ?? []), ...present.flatMap(unreadable)] };
  const bytes = present.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  return [{ ...one, item, present: present.filter((file) => unreadable(file).length === 0), bytes }];
}

function unreadable({ format, sizeBytes }: FileRef): PointedFault[] {
  const faults: PointedFault[] = [];
  if (format !== 'ofd' && format !== 'pdf')
    faults.push({ pointer: '/files/format', code: 'FIELD_NOT_IN_CODE_LIST', detail: 'ofd, pdf' });
  if (sizeBytes === 0) faults.push({ pointer: `/files/${format}/content`, code: 'FIELD_REQUIRED' });
  if (sizeBytes > MOST_FILE_BYTES) {
    const detail = `≤ ${MOST_FILE_BYTES / 1_000_000} MB`;
    faults.push({ pointer: `/files/${format}/content`, code: 'REQUEST_TOO_LARGE', detail });
  }
  return faults;
}

/** Small ones together; then each licence with a large file alone, so that nothing waits for one that is read slowly. */
function* inPortions(complete: readonly Complete[]): Iterable<readonly Complete[]> {
  let portion: Complete[] = [];
  let bytes = 0;
  const isLarge = (one: Complete) => one.bytes > LARGE_BYTES;
  for (const one of complete) {
    if (isLarge(one)) continue;
    if (portion.length === PORTION_ROWS || bytes + one.bytes > PORTION_BYTES) {
      yield portion;
      portion = [];
      bytes = 0;
    }
    portion.push(one);
    bytes += one.bytes;
  }
  if (portion.length > 0) yield portion;
  for (const one of complete) if (isLarge(one)) yield [one];
}

/** Read and verified, ready to be recorded. */
type Verified = readonly Planned<SealedItem>[];

/** A large file is let go before anything else is read. */
async function applyAlone(
  pass: MachinePass,
  profile: FrontEndProfile,
  one: Complete,
  outcomes: Outcomes,
): Promise<void> {
  await readHanded(pass, profile, one.present, async (handed) =>
    record(pass, profile, await verify(pass, [one], handed), outcomes),
  );
}

async function verifyPortion(
  pass: MachinePass,
  profile: FrontEndProfile,
  portion: readonly Complete[],
): Promise<Verified> {
  let verified: Verified = [];
  const files = portion.flatMap(({ present }) => present);
  await readHanded(pass, profile, files, async (handed) => {
    verified = await verify(pass, portion, handed);
  });
  return verified;
}

async function verify(
  pass: MachinePass,
  portion: readonly Complete[],
  handed: ReadonlyMap<FileRef, HandedFile>,
): Promise<Verified> {
  const { house } = pass;
  const handedOver = portion.map(({ sealed: { identifier }, present }) => ({
    ...{ identifier, files: present.flatMap((file) => handed.get(file) ?? []) },
  }));
  // What cannot be judged together is judged by the act, which looks for the one that is to blame.
  const judged = await takeTurn(house, () => judgeAhead(house, handedOver)).catch(() => undefined);
  return portion.map(({ row, item, sealed: { identifier, issuedOn }, present }, index) => ({
    ...{ row, files: { used: present } },
    item: {
      ...{ ...item, arrival: arrivalOf(pass, row) },
      sealed: { identifier, issuedOn, files: judged?.[index] ?? handedOver[index]?.files ?? [] },
    },
  }));
}

function record(pass: MachinePass, profile: FrontEndProfile, verified: Verified, outcomes: Outcomes): Promise<void> {
  const { house, caller } = pass;
  const act = {
    act: (items: readonly SealedItem[], remember: Parameters<typeof acceptSealedLicences>[3]) =>
      acceptSealedLicences(house, caller, items, remember),
    receipt: ({ licence }: { readonly licence: Parameters<typeof issuedReceipt>[1] }) => issuedReceipt(house, licence),
  };
  return runBulk(pass, profile, verified, act, outcomes);
}
