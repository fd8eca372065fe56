/** Tell everybody else what has changed, in the transaction that changes it: the one door by which a change of a licence or a
 *  catalogue entry leaves the house. Called once an act, with all its changes together. */
import type { Caller, House } from '../house.ts';
import type { LicenceStatus } from '../licence/states.ts';
import { addAllToOutbox } from '../store/outbox/add-to-outbox.ts';
import type { Tx } from '../store/with-transaction.ts';
import { writeIntake } from './write-intake.ts';

/** A change that is now kept. Names and numbers of persons are never in it. */
export interface PublishedChange {
  readonly type: 'licence' | 'catalogue';
  /** Licence id, or catalogue code. */
  readonly id: string;
  /** GB/T 36904 identifier of the licence, or catalogue code. */
  readonly identifier: string;
  /** Sequence of the licence, or version of the entry, after the change. */
  readonly sequence: number;
  readonly issuingBody: string;
  /** What was done: an act of the status table, `issue`, `maintain`, `save`, `retire`, `dispute-raised`, `dispute-closed`. */
  readonly act: string;
  /** Of a licence, after the change. */
  readonly status: LicenceStatus | null;
  readonly catalogueCode: string;
  /** Of a licence: issued by notification and commitment (告知承诺). */
  readonly commitment?: boolean;
  /** The front-end row behind this one, where the changes of an act come from several; otherwise the caller's counts. */
  readonly arrival?: Caller['arrival'];
  /** It came from the province (省级回传) and is never sent back there. */
  readonly fromProvince?: boolean;
  /** What the province keeps is as it was (异议): it is not told. */
  readonly keptHere?: boolean;
}

export async function publishChanges(
  house: House,
  tx: Tx,
  caller: Caller,
  changes: readonly PublishedChange[],
): Promise<void> {
  await writeIntake(house, tx, changes);
  const outward = changes.filter(({ fromProvince, keptHere }) => !fromProvince && !keptHere);
  await addAllToOutbox(
    house,
    tx,
    outward.map(({ type, id, sequence, arrival }) => ({
      topic: 'province',
      subject: `${type}:${id}`,
      payload: {
        ...(type === 'licence' ? { licenceId: id, sequence } : { catalogueCode: id, version: sequence }),
      },
      arrival: arrival ?? caller.arrival,
    })),
  );
}
