/** Henan's rows have no revision: they are overwritten. Which acts a row asks for now, and under which revisions, follows from
 *  what was claimed and applied of its key before. A row that says nothing new asks for nothing; one whose receipt was lost or
 *  refused asks for the same under the same revision; anything new gets the next revision. */
import type { LicenceStatus, StatusAct } from '../../../models/licence/index.ts';
import type { HenanLicenceState } from '../code-lists.ts';
import { findAct } from '../code-lists-moves.ts';

/** The newest line of the companion for one kind of act. */
export interface KnownReceipt {
  readonly revision: number;
  readonly digest: string;
  /** 0 new, 1 claimed, 2 accepted, 3 refused. */
  readonly state: number;
}

/** What is known of a key. The companion may have been lost: what the repository has applied is asked as well. */
export interface Known {
  readonly upsert: KnownReceipt | undefined;
  readonly status: KnownReceipt | undefined;
  readonly applied: { readonly revision: number; readonly digest: string } | undefined;
  /** Of the issued licence today; null when none is issued. */
  readonly licence: LicenceStatus | null;
}

export interface Wish {
  readonly contentsDigest: string;
  /** Undefined: the column holds none of the codes. */
  readonly state: HenanLicenceState | undefined;
  readonly stateDigest: string;
  /** Where the licence will stand once it is issued, by its dates. */
  readonly statusWhenIssued: LicenceStatus;
}

export interface Act {
  readonly operation: 'upsert' | 'status';
  readonly revision: number;
  readonly digest: string;
  /** Of a status row; none: its state cannot be read. */
  readonly act?: StatusAct;
}

const ACCEPTED = 2;
const UNANSWERED: readonly number[] = [0, 1];

export function weighRow(wish: Wish, known: Known): Act[] {
  const acts: Act[] = [];
  const upsert = weighContents(wish.contentsDigest, known);
  if (upsert) acts.push(upsert);
  const status = weighState(wish, known, upsert);
  if (status) acts.push(status);
  return acts;
}

const newestOf = ({ upsert, status, applied }: Known) =>
  Math.max(0, upsert?.revision ?? 0, status?.revision ?? 0, applied?.revision ?? 0);

/** May a row come again under this revision? Only while nothing later was applied. */
function mayRepeat({ revision, digest }: KnownReceipt, { applied }: Known): boolean {
  if (!applied || revision > applied.revision) return true;
  return revision === applied.revision && digest === applied.digest;
}

function weighContents(digest: string, known: Known): Act | undefined {
  const { upsert, applied } = known;
  if (upsert?.digest === digest) {
    if (upsert.state === ACCEPTED) return undefined;
    if (mayRepeat(upsert, known)) return { operation: 'upsert', revision: upsert.revision, digest };
  }
  if (!upsert && applied?.digest === digest) return { operation: 'upsert', revision: applied.revision, digest };
  return { operation: 'upsert', revision: newestOf(known) + 1, digest };
}

function weighState(wish: Wish, known: Known, upsert: Act | undefined): Act | undefined {
  const { state, stateDigest: digest } = wish;
  // With new contents an unreadable state is a fault of theirs.
  if (state === undefined && upsert) return undefined;
  // Before it is issued the act is not legal, and the department is told so.
  const stands = known.licence ?? wish.statusWhenIssued;
  const { status } = known;
  const after = Math.max(newestOf(known), upsert?.revision ?? 0) + 1;
  const same = status?.digest === digest && mayRepeat(status, known) && status.revision > (upsert?.revision ?? 0);
  const revision = same && status.state !== ACCEPTED ? status.revision : after;
  if (state === undefined) return { operation: 'status', revision, digest };
  const act = findAct(stands, state);
  if (act) return { operation: 'status', revision, digest, act };
  // Applied, but its receipt was lost on the way: it is asked for once more and answered without a second effect.
  const lost = same && UNANSWERED.includes(status.state) && status.revision === known.applied?.revision;
  return lost ? { operation: 'status', revision, digest, act: 'resume' } : undefined;
}
