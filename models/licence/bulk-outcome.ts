/** What an act upon many licences gives: each item is judged alone, and the good ones are kept together. */
import type { Caller } from '../house.ts';
import { Fault } from '../kernel/fault.ts';
import type { Tx } from '../store/with-transaction.ts';

export type BulkOutcome<T> = { readonly done: T } | { readonly fault: Fault };

/** A good item, by its place among those that were handed in. */
export interface BulkDone<T> {
  readonly index: number;
  readonly done: T;
}

/** Called once inside the transaction, with all good items; when it throws, none is kept. Not called when there is none. */
export type RememberAll<T> = (tx: Tx, done: readonly BulkDone<T>[]) => Promise<void>;

/** The row that asks for an item, where items of one batch come from several. */
export type Arrival = NonNullable<Caller['arrival']>;

export function doneOf<T>(outcomes: readonly BulkOutcome<T>[]): BulkDone<T>[] {
  return outcomes.flatMap((outcome, index) => ('done' in outcome ? [{ index, done: outcome.done }] : []));
}

/** Judge one item: its fault is its outcome, anything else is nobody's item and goes up. */
export function judgeItem<T>(judge: () => T): BulkOutcome<T> {
  try {
    return { done: judge() };
  } catch (error) {
    if (error instanceof Fault) return { fault: error };
    throw error;
  }
}
