/** What became of a row in this pass. */
import type { AppliedRow, Receipt } from '../../models/exchange-state/index.ts';
import { describeFault, type Fault } from '../../models/kernel/fault.ts';
import { FAULTS, type FaultCode } from '../../models/kernel/fault-codes.ts';
import type { FrontEndProfile, FrontEndRow, Hint, RowAnswer } from './profile.ts';
import { refusalOf } from './receipts.ts';

export type RowOutcome =
  | {
      readonly kind: 'accepted' | 'refused' | 'replayed';
      readonly receipt: Receipt;
      readonly files: RowAnswer['files'];
      /** Refused because this is not known here. A row before it may still bring it. */
      readonly lacks?: 'entry' | 'licence';
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
  const lacks = findLacking(row, fault);
  return { kind: 'refused', receipt, files: aboutFiles ? 'all' : 'none', ...(lacks ? { lacks } : {}) };
}

function findLacking(row: FrontEndRow, fault: Fault): 'entry' | 'licence' | undefined {
  const isSaid = (code: FaultCode, said: readonly { readonly code: FaultCode }[]) =>
    said.some((one) => one.code === code) && !row.faults.some((one) => one.code === code);
  if (row.kind !== 'catalogue' && isSaid('CATALOGUE_UNKNOWN', [fault, ...fault.errors])) return 'entry';
  return row.kind === 'licence' && isSaid('NOT_FOUND', fault.errors) ? 'licence' : undefined;
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
