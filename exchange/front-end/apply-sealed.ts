/** Licences that the department has sealed itself. Each waits until all its files lie there; then they are read, a portion at a
 *  time, verified, stored and recorded, without any seal of ours. */
import { Fault, type PointedFault, throwFaults } from '../../models/kernel/fault.ts';
import { acceptSealedLicences, type SealedItem } from '../../models/licence/index.ts';
import { issuedReceipt } from './advance-licence.ts';
import { arrivalOf } from './arrival.ts';
import type { PlannedSealed } from './plan-licences.ts';
import type { FileRef, FrontEndProfile, MachinePass } from './profile.ts';
import { LARGE_BYTES, readHanded } from './read-handed.ts';
import { type Outcomes, outcomeOfFault } from './row-outcome.ts';
import { type Planned, runBulk } from './run-bulk.ts';

const MOST_FILES = 2;
/** Of one file, known before a byte is read. */
const MOST_FILE_BYTES = 100_000_000;
/** In memory at once, of small files. */
const PORTION_BYTES = 8_000_000;
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
  const listed = await profile.listFiles(
    pass,
    planned.map(({ row }) => row),
  );
  const complete = planned.flatMap((one) => {
    try {
      return findComplete(one, listed.get(one.row.businessKey) ?? [], outcomes);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      outcomes.set(one.row, outcomeOfFault(profile, one.row, error));
      return [];
    }
  });
  for (const portion of inPortions(complete)) await applyPortion(pass, profile, portion, outcomes);
}

function findComplete(one: PlannedSealed, present: readonly FileRef[], outcomes: Outcomes): Complete[] {
  const { expected } = one.sealed;
  if (!Number.isInteger(expected) || expected < 1 || expected > MOST_FILES) {
    throwFaults([{ pointer: '/sealed_files', code: 'FIELD_TYPE', detail: '0 / 1 / 2' }]);
  }
  if (present.length < expected) {
    outcomes.set(one.row, { kind: 'waits', hint: `等待签章文件：已到 ${present.length}，应有 ${expected}` });
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

/** Small ones together; a licence with a large file alone. */
function* inPortions(complete: readonly Complete[]): Iterable<readonly Complete[]> {
  let portion: Complete[] = [];
  let bytes = 0;
  for (const one of complete) {
    if (one.bytes > LARGE_BYTES) {
      yield [one];
      continue;
    }
    if (portion.length === PORTION_ROWS || bytes + one.bytes > PORTION_BYTES) {
      yield portion;
      portion = [];
      bytes = 0;
    }
    portion.push(one);
    bytes += one.bytes;
  }
  if (portion.length > 0) yield portion;
}

async function applyPortion(
  pass: MachinePass,
  profile: FrontEndProfile,
  portion: readonly Complete[],
  outcomes: Outcomes,
): Promise<void> {
  const { house, caller } = pass;
  const apply = async (planned: readonly Planned<SealedItem>[]) => {
    const act = {
      act: (items: readonly SealedItem[], remember: Parameters<typeof acceptSealedLicences>[3]) =>
        acceptSealedLicences(house, caller, items, remember),
      receipt: ({ licence }: { readonly licence: Parameters<typeof issuedReceipt>[1] }) =>
        issuedReceipt(house, licence),
    };
    await runBulk(pass, profile, planned, act, outcomes);
  };
  await readHanded(
    pass,
    profile,
    portion.flatMap(({ present }) => present),
    async (handed) => {
      const planned = portion.map(({ row, item, sealed, present }) => {
        const { identifier, issuedOn } = sealed;
        const files = present.flatMap((file) => handed.get(file) ?? []);
        return {
          ...{ row, files: { used: present } },
          item: { ...item, sealed: { identifier, issuedOn, files }, arrival: arrivalOf(pass, row) },
        };
      });
      await apply(planned);
    },
  );
}
