/** The answers a row gets, in words a department's clerk can act on. Codes of faults come from the one table of faults. */
import type { Receipt } from '../../models/exchange-state/index.ts';
import { describeFault, type Fault } from '../../models/kernel/fault.ts';

/** Codes of receipts beside those of faults. */
export const RECEIPTS = {
  ACCEPTED: { state: 2, zh: '已接收' },
  ISSUED: { state: 2, zh: '已签发' },
  AWAITING_REVIEW: { state: 2, zh: '已接收，等待签发单位审核；审核后本回执会更新' },
  AWAITING_SEAL: { state: 2, zh: '已审核，等待签章；签章后本回执会更新' },
  REGISTRY_MISMATCH: {
    state: 2,
    zh: '已审核，未签发：持证主体信息与人口或法人基础库不一致；请核对，有误的以更高的修订号重新推送，无误的请登记机关更正，更正后自动签发',
  },
  REGISTRY_UNAVAILABLE: { state: 2, zh: '已审核，未签发：人口或法人基础库暂不可用，恢复后自动比对签发' },
  AMENDED: { state: 2, zh: '证照登记信息已更新' },
  STATUS_CHANGED: { state: 2, zh: '证照状态已变更' },
  HELD_FROM_PROVINCE: { state: 2, zh: '已入库；上报省库前核验未通过或被省库拒收，请核实处理，处理后可申请重新上报' },
  WITH_PROVINCE: { state: 2, zh: '已入库；省库已接收' },
  RETURNED: { state: 3, zh: '审核退回，请修改后以更高的修订号重新推送' },
  SUPERSEDED: { state: 3, zh: '签发前已被更高的修订号取代' },
  QUERY_NOT_ANSWERED: { state: 3, zh: '前置机查询暂未开通，请使用共享接口或服务窗口' },
} as const satisfies Readonly<Record<string, { state: 2 | 3; zh: string }>>;
export type ReceiptCode = keyof typeof RECEIPTS;

/** Of accepted rows whose licence is still on its way; a later receipt follows. */
export const AWAITING = [
  'AWAITING_REVIEW',
  'AWAITING_SEAL',
  'REGISTRY_MISMATCH',
  'REGISTRY_UNAVAILABLE',
] as const satisfies readonly ReceiptCode[];

/** The same as a list in SQL. */
export const AWAITING_SQL = AWAITING.map((code) => `'${code}'`).join(', ');

/** Written while a row still waits; its state stays 0. */
export const WAITING_FOR_FILES = 'AWAITING_FILES';
export const WAITING_FOR_ENTRY = 'AWAITING_CATALOGUE';

export function makeReceipt(code: ReceiptCode, detail = '', licenceId: string | null = null): Receipt {
  const { state, zh } = RECEIPTS[code];
  return { state, code, text: detail ? `${zh}：${detail}` : zh, licenceId };
}

const MAX_TEXT = 20_000;

/** Every fault on a line of its own: where, what, code. When all are of one kind the receipt's code is theirs.
 *  @param nameColumn where a pointer lies, in the words of the tables */
export function refusalOf(nameColumn: (pointer: string) => string, fault: Fault): Receipt {
  const [first, ...others] = fault.errors;
  const code = first && others.every((other) => other.code === first.code) ? first.code : fault.code;
  const lines = fault.errors.map((error) => `${nameColumn(error.pointer)} ${describeFault(error).zh}（${error.code}）`);
  const head = describeFault({ code, detail: first ? undefined : fault.detail }).zh;
  return { state: 3, code, text: [head, ...lines].join('\n').slice(0, MAX_TEXT), licenceId: null };
}

/** For a file that no licence row takes. */
export function makeLoneFileReceipt(licenceKey: string, hasLicenceRow: boolean): Receipt {
  const code = 'FILES_WITHOUT_LICENCE';
  const reason = hasLicenceRow
    ? '证照行已处理完毕，未包括此文件；确需补充的，请以更高修订号重新推送证照行（写明 sealed_files）和文件'
    : `没有 business_key 等于 licence_key 的证照行；请推送证照行，并重新写入文件`;
  const text = `${describeFault({ code }).zh}：${reason}\nlicence_key ${licenceKey || '（空）'}`;
  return { state: 3, code, text, licenceId: null };
}
