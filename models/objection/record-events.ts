/** The history of objections: every step is kept with who took it and when. */
import type { Caller, House } from '../house.ts';
import { insertRows } from '../store/bulk-write.ts';
import type { Tx } from '../store/with-transaction.ts';
import type { ObjectionEvent, ObjectionSide } from './objection-words.ts';
import type { ObjectionEventColumns } from './rows.ts';

export interface EventFacts {
  readonly objectionId: string;
  readonly act: ObjectionEvent;
  readonly side: ObjectionSide;
  readonly words?: string | null | undefined;
  /** Shown to the issuer and the bureau, not to who objects. */
  readonly details?: ObjectionEventColumns['details'];
}

/** Ids of the events, in the order of the facts. */
export async function recordEvents(
  house: House,
  tx: Tx,
  caller: Caller,
  facts: readonly EventFacts[],
): Promise<string[]> {
  const at = house.clock();
  const rows = facts.map(({ objectionId, act, side, words = null, details = {} }) => ({
    ...{ id: house.newId(), objectionId, act, side, organisationCode: caller.organisationCode },
    ...{ actor: caller.id, actorName: caller.name, words, details, at },
  }));
  await insertRows(house.db, tx, house.db.rows.objectionEvents, rows);
  return rows.map(({ id }) => id);
}
