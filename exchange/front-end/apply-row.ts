/** One row: judged once, applied once, always answered. A fault is a refusal with its reasons; any other error is ours and
 *  goes up, so that the row is tried again. */
import {
  AppliedMeanwhile,
  type AppliedRowColumns,
  findApplied,
  logRefusal,
  type Receipt,
} from '../../models/exchange-state/index.ts';
import { Fault } from '../../models/kernel/fault.ts';
import { FAULTS } from '../../models/kernel/fault-codes.ts';
import { advanceLicence } from './advance-licence.ts';
import { applyCase } from './apply-case.ts';
import { applyCatalogue } from './apply-catalogue.ts';
import { applyLicence } from './apply-licence.ts';
import { applyStatus } from './apply-status.ts';
import type { MachineContext, RowOutcome } from './machine-context.ts';
import { checkEnvelope, type FrontEndRow } from './read-row.ts';
import { makeReceipt, refusalOf } from './receipts.ts';

export type Answer =
  | { readonly kind: 'accepted' | 'refused' | 'replayed'; readonly receipt: Receipt; readonly aboutFiles: boolean }
  | { readonly kind: 'waits'; readonly hint: string };

/** Throws only what is not the row's fault. */
export async function applyRow(context: MachineContext, row: FrontEndRow): Promise<Answer> {
  try {
    return await judge(context, row);
  } catch (error) {
    if (error instanceof AppliedMeanwhile) return judge(context, row);
    if (!(error instanceof Fault) || isOurs(error)) throw error;
    const receipt = refusalOf(row.table, error);
    await logRefusal(context.house, context.caller, row, receipt);
    return { kind: 'refused', receipt, aboutFiles: error.errors.some(({ pointer }) => pointer.startsWith('/files')) };
  }
}

/** Faults of the house, not of the row: it will be right later without anybody changing it. */
function isOurs(fault: Fault): boolean {
  return FAULTS[fault.code].retry || fault.kind === 'internal' || fault.kind === 'unavailable';
}

async function judge(context: MachineContext, row: FrontEndRow): Promise<Answer> {
  if (row.table === 'zk_query') {
    const receipt = makeReceipt('QUERY_NOT_ANSWERED');
    await logRefusal(context.house, context.caller, row, receipt);
    return { kind: 'refused', receipt, aboutFiles: false };
  }
  checkEnvelope(row);
  const known = await findApplied(context.house, row);
  if (known && known.receiptState === makeReceipt('ACCEPTED').state && known.revision >= row.revision) {
    return { kind: 'replayed', receipt: await answerAgain(context, row, known), aboutFiles: true };
  }
  const outcome = await apply(context, row, known);
  if ('waits' in outcome) return { kind: 'waits', hint: outcome.waits };
  const kind = outcome.receipt.state === 3 ? 'refused' : 'accepted';
  return { kind, receipt: outcome.receipt, aboutFiles: true };
}

function apply(context: MachineContext, row: FrontEndRow, known: AppliedRowColumns | undefined): Promise<RowOutcome> {
  if (row.table === 'zk_catalogue') return applyCatalogue(context, row);
  if (row.table === 'zk_case') return applyCase(context, row);
  return row.operation === 'status' ? applyStatus(context, row, known) : applyLicence(context, row, known);
}

/** Applied before, but its receipt was lost: the same receipt once more and no second effect. A licence may meanwhile have
 *  come further. */
async function answerAgain(context: MachineContext, row: FrontEndRow, known: AppliedRowColumns): Promise<Receipt> {
  if (known.revision > row.revision) throw new Fault('ROW_OUT_OF_ORDER', { detail: `已处理到修订 ${known.revision}` });
  if (known.payloadDigest !== row.payloadDigest) {
    throw new Fault('ROW_OUT_OF_ORDER', { detail: '该修订号已处理过，内容不同；请以更高的修订号推送' });
  }
  if (row.table === 'zk_licence' && row.operation === 'upsert' && known.licenceId) {
    return advanceLicence(context.house, context.caller, known.licenceId);
  }
  const { receiptState, receiptCode: code, receiptText: text, licenceId } = known;
  return { state: receiptState === 3 ? 3 : 2, code, text, licenceId };
}
