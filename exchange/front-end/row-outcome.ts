/** What became of a row in this pass. */
import type { AppliedRow, Receipt } from '../../models/exchange-state/index.ts';
import { describeFault, type Fault } from '../../models/kernel/fault.ts';
import { FAULTS } from '../../models/kernel/fault-codes.ts';
import type { FrontEndProfile, FrontEndRow, Hint, RowAnswer } from './profile.ts';
import { refusalOf } from './receipts.ts';

export type RowOutcome =
  | {
      readonly kind: 'accepted' | 'refused' | 'replayed';
      readonly receipt: Receipt;
      readonly files: RowAnswer['files'];
    }
  /** The department still has to lay something down, or a registry to answer. */
  | { readonly kind: 'waits'; readonly hint?: Hint }
  /** An error of ours: the row is tried again by the next pass. */
  | { readonly kind: 'deferred'; readonly error: unknown };

export type Outcomes = Map<FrontEndRow, RowOutcome>;

/** What is judged wrong is refused with every reason; a fault of the house, not of the row, is tried again. */
export function outcomeOfFault(profile: FrontEndProfile, row: FrontEndRow, fault: Fault): RowOutcome {
  if (fault.code === 'REGISTRY_UNAVAILABLE')
    return { kind: 'waits', hint: { code: fault.code, text: describeFault(fault).zh } };
  if (isOurs(fault)) return { kind: 'deferred', error: fault };
  const receipt = refusalOf((pointer) => profile.nameColumn(row.kind, pointer), fault);
  const aboutFiles = fault.errors.some(({ pointer }) => pointer.startsWith('/files'));
  return { kind: 'refused', receipt, files: aboutFiles ? 'all' : 'none' };
}

/** It will be right later without anybody changing the row. */
export function isOurs(fault: Fault): boolean {
  return FAULTS[fault.code].retry || fault.kind === 'internal' || fault.kind === 'unavailable';
}

/** The refusals among the outcomes, as they are logged. */
export function refusalsOf(outcomes: Outcomes): AppliedRow[] {
  return [...outcomes].flatMap(([mark, outcome]) =>
    outcome.kind === 'refused' ? [{ mark, receipt: outcome.receipt }] : [],
  );
}
