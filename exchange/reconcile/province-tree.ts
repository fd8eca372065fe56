/** What the exchange asks of a province that keeps a tree of digests. A connector without one is compared by the list of
 *  what it holds (`list-tree.ts`). */
import type { HeldRecord, TreeEntry } from '../../models/digest-tree/index.ts';

export interface TreeNodeView {
  /** `<department>/<leading hex digits>` */
  readonly key: string;
  readonly count: number;
  readonly digest: string;
  /** Null of a leaf. */
  readonly children: readonly TreeEntry[] | null;
}

export type WithdrawalOutcome =
  | 'withdrawn'
  /** It does not hold the subject. */
  | 'absent'
  /** It holds another state than that which is withdrawn, and keeps it. */
  | 'differs';

/** Every answer is believed only with the province's signature and as the answer to this very question.
 *  All throw `PROVINCE_UNAVAILABLE`. */
export interface ProvinceTree {
  /** Of all departments. */
  roots(): Promise<readonly TreeNodeView[]>;
  /** Those of the keys that are roots or inner nodes there. At most 128 keys. */
  nodes(keys: readonly string[]): Promise<readonly TreeNodeView[]>;
  /** All that is held below these keys. At most 128 keys. */
  records(keys: readonly string[]): Promise<readonly HeldRecord[]>;
  /** Have removed there what the city does not hold; exactly these states. At most 500. */
  withdraw(items: readonly HeldRecord[]): Promise<ReadonlyMap<string, WithdrawalOutcome>>;
}

export const MOST_KEYS = 128;
export const MOST_WITHDRAWN = 500;
