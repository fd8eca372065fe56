/** Before anything goes to the province its status is verified by the table of legal moves, and its files over their bytes when
 *  they travel. What does not hold stays here. */
import type { House } from '../../models/house.ts';
import { Fault } from '../../models/kernel/fault.ts';
import { isLegalStep, LICENCE_STATUSES, type RecordedLicence } from '../../models/licence/index.ts';

/** It must not leave. `mayMend`: a restored file will do; otherwise somebody has to look. */
export class Held extends Error {
  override readonly name = 'Held';
  readonly mayMend: boolean;

  constructor(reason: string, mayMend: boolean, options: ErrorOptions = {}) {
    super(reason, options);
    this.mayMend = mayMend;
  }
}

/** The status is one of ours, the newest change record led to it, and by a legal move. Throws `Held`. */
export function checkStatus({ licence, record, files }: RecordedLicence): void {
  const newest = record.changes.at(-1);
  if (licence.state !== 'issued' || !licence.identifier) throw new Held('NOT_ISSUED', false);
  if (!licence.status || !Object.hasOwn(LICENCE_STATUSES, licence.status)) throw new Held('STATUS_UNKNOWN', false);
  if (newest?.toStatus !== licence.status || newest.sequence !== licence.sequence)
    throw new Held('STATUS_WITHOUT_CHANGE_RECORD', false);
  if (!isLegalStep(newest)) throw new Held('STATUS_MOVE_NOT_LEGAL', false);
  if (files.length === 0) throw new Held('FILE_MISSING', true);
}

export type Recheck = (sm3: string, bytes: Uint8Array) => Promise<string[]>;

/** The bytes of a file that is about to leave: what was stored, and genuine if it is a licence file. Throws `Held`. */
export async function readVerified(
  house: House,
  { name, sm3 }: { readonly name: string; readonly sm3: string },
  recheck: Recheck | undefined,
): Promise<Uint8Array> {
  const bytes = await house.blobs.get(sm3).catch((cause: unknown) => {
    // The bytes are gone or are not what was stored: a backup may bring them back.
    throw cause instanceof Fault ? new Held(`${cause.code} ${name}`, true, { cause }) : cause;
  });
  const failed = recheck ? await recheck(sm3, bytes) : [];
  if (failed.length > 0) throw new Held(`FILE_REFUSED ${name} ${failed.join(' ')}`, false);
  return bytes;
}
