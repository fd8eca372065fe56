/** The acts behind the sheets of the management service, each upon many licences: the same that a single call does. */
import type { z } from 'zod';
import { type ClosingNotice, closeCases } from '../../models/deadline/index.ts';
import type { Caller, House } from '../../models/house.ts';
import type { ImportKind } from '../../models/import/index.ts';
import { Fault } from '../../models/kernel/fault.ts';
import {
  type BulkOutcome,
  changeStatuses,
  type MaintenanceItem,
  maintainRecords,
  maintenanceSchema,
  type RememberAll,
  type StatusItem,
  statusChangeSchema,
} from '../../models/licence/index.ts';
import { caseRowSchema } from './case-kind.ts';

/** A change of one licence, or a notice of a case, of the right shape. */
export interface Change {
  /** Null: it is about none. */
  readonly licenceId: string | null;
  readonly body: unknown;
}

interface Changed {
  readonly licenceId: string | null;
  /** Of maintenance and notices: none is new, all was so already. */
  readonly pointers?: readonly string[];
}

type Remember = RememberAll<Changed>;
export type ChangeOutcome = BulkOutcome<Changed>;
export type ChangeKind = Exclude<ImportKind, 'licence'>;

export const CHANGE_SCHEMAS: Readonly<Record<ChangeKind, z.ZodType>> = {
  status: statusChangeSchema,
  data: maintenanceSchema,
  case: caseRowSchema,
};

export function changeAll(
  house: House,
  caller: Caller,
  kind: ChangeKind,
  changes: readonly Change[],
  remember: Remember,
  handedInAt: Date,
): Promise<readonly ChangeOutcome[]> {
  if (changes.length === 0) return Promise.resolve([]);
  if (kind === 'case') return closeAll(house, caller, changes, remember, handedInAt);
  if (kind === 'status') {
    const items = changes.map(({ licenceId, body }) => ({
      ...{ licenceId: licenceId ?? '', change: body as StatusItem['change'] },
    }));
    return changeStatuses(house, caller, items, remember);
  }
  const items = changes.map(({ licenceId, body }): MaintenanceItem => {
    const { legalBasis, reason, ...facts } = body as z.infer<typeof maintenanceSchema>;
    return { licenceId: licenceId ?? '', facts: facts as MaintenanceItem['facts'], legalBasis, reason };
  });
  return maintainRecords(house, caller, items, remember);
}

/** A batch counts as declared when its sheet was handed in. Their source is another than that of a sheet which brings a batch itself. */
async function closeAll(
  house: House,
  caller: Caller,
  changes: readonly Change[],
  remember: Remember,
  declaredAt: Date,
): Promise<readonly ChangeOutcome[]> {
  const changed = ({ fresh }: { readonly fresh: boolean }): Changed => ({
    ...{ licenceId: null, pointers: fresh ? ['/caseNumber'] : [] },
  });
  const notices = changes.map(({ body }) => body as ClosingNotice);
  const keep = { source: 'notice-sheet', declaredAt };
  const outcomes = await closeCases(house, caller, notices, keep, (tx, done) =>
    remember(
      tx,
      done.map(({ index, done: one }) => ({ index, done: changed(one) })),
    ),
  );
  return outcomes.map((one) => ('done' in one ? { done: changed(one.done) } : one));
}

/** A dry run goes all the way and is taken back. */
class TriedOut extends Error {
  override readonly name = 'TriedOut';
}

/** What would become of each; nothing is kept. */
export async function tryAll(
  house: House,
  caller: Caller,
  kind: ChangeKind,
  changes: readonly Change[],
  handedInAt: Date,
): Promise<readonly ChangeOutcome[]> {
  const outcomes = new Map<number, ChangeOutcome>();
  // The good ones first, which end the transaction; then the others, whose faults are told.
  for (let round = 0; round < 2; round += 1) {
    const places = changes.flatMap((_, place) => (outcomes.has(place) ? [] : [place]));
    const left = places.flatMap((place) => changes[place] ?? []);
    const note: Remember = (_tx, done) => {
      if (round === 0) for (const { index, done: one } of done) outcomes.set(places[index] ?? -1, { done: one });
      return Promise.reject(new TriedOut());
    };
    const found = await changeAll(house, caller, kind, left, note, handedInAt).catch((error: unknown) => {
      if (error instanceof TriedOut) return [];
      throw error;
    });
    for (const [index, outcome] of found.entries()) outcomes.set(places[index] ?? -1, outcome);
  }
  // Good by itself, not after the rows before it.
  return changes.map((_, place) => outcomes.get(place) ?? { fault: new Fault('STATE_CONFLICT') });
}
