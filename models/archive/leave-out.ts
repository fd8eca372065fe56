/** What a batch leaves out, and why: a file that is gone or damaged must not keep all others from being archived. What was left out is
 *  taken by the next batch, once its file is there again. */

import type { ArchivedItem } from '../../signing/index.ts';
import { Fault } from '../kernel/fault.ts';
import type { Found } from './find-issued.ts';

export interface Gathered {
  /** With what they were found as, in the same order. */
  readonly taken: readonly { readonly found: Found; readonly item: ArchivedItem }[];
  /** A line each, for the batch. */
  readonly left: readonly string[];
}

/** Gather one after another, so that one volume's files are all that lies in memory; `number` is of what has been taken so far.
 *  @param gather undefined: there is nothing to tell of it any more */
export async function gatherEach(
  found: readonly Found[],
  numbers: readonly string[],
  gather: (one: Found, number: string) => Promise<ArchivedItem | undefined>,
): Promise<Gathered> {
  const taken: { found: Found; item: ArchivedItem }[] = [];
  const left: string[] = [];
  for (const one of found) {
    try {
      const item = await gather(one, numbers[taken.length] ?? '');
      if (item) taken.push({ found: one, item });
    } catch (error) {
      if (!isGone(error)) throw error;
      left.push(`${one.subject} ${error.code} ${error.detail ?? ''}`.trim());
    }
  }
  return { taken, left };
}

function isGone(error: unknown): error is Fault {
  return error instanceof Fault && (error.code === 'FILE_MISSING' || error.code === 'BLOB_CORRUPT');
}
