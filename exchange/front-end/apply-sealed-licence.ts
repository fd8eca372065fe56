/** zk_licence with `sealed_files` > 0: the department has sealed it itself. It waits until all its files lie in zk_file;
 *  then they are verified, stored and recorded, without any seal of ours. */
import { recordApplied } from '../../models/exchange-state/index.ts';
import { Fault, type PointedFault, throwFaults } from '../../models/kernel/fault.ts';
import { acceptSealedLicence, type HandedFile, type SubmissionSource } from '../../models/licence/index.ts';
import { advanceLicence } from './advance-licence.ts';
import type { SqlRow } from './connection.ts';
import { findFurtherFaults } from './find-further-faults.ts';
import type { MachineContext, RowOutcome } from './machine-context.ts';
import { type ReadPayload, toText } from './read-payload.ts';
import type { FrontEndRow } from './read-row.ts';
import { makeReceipt } from './receipts.ts';
import { ROW_STATES } from './tables.ts';

const MOST_FILES = 2;

export async function applySealedLicence(
  context: MachineContext,
  row: FrontEndRow,
  { body, faults }: ReadPayload,
  from: SubmissionSource,
): Promise<RowOutcome> {
  const { house, caller } = context;
  const expected = Number(toText(row.payload.sealed_files));
  if (!Number.isInteger(expected) || expected < 1 || expected > MOST_FILES) {
    throwFaults([{ pointer: '/sealed_files', code: 'FIELD_TYPE', detail: '0 / 1 / 2' }]);
  }
  const present = await findFileRows(context, row.businessKey);
  if (present.length < expected) return { waits: `等待签章文件：已到 ${present.length}，应有 ${expected}` };
  const unread = [...faults, ...present.flatMap(unreadableFile)];
  if (unread.length > 0) throwFaults([...unread, ...(await findFurtherFaults(context, body, unread, from.replaces))]);
  const sealed = {
    identifier: toText(row.payload.identifier) ?? '',
    issuedOn: toText(row.payload.issued_on) ?? '',
    files: present.map(toHandedFile),
  };
  const { licenceId } = await acceptSealedLicence(house, caller, body, sealed, from, (tx, submitted) =>
    recordApplied(house, tx, caller, row, makeReceipt('ISSUED', '', submitted.licenceId)),
  );
  return { receipt: await advanceLicence(house, caller, licenceId) };
}

/** The unanswered files of a licence, of each format the newest revision. */
async function findFileRows({ connection }: MachineContext, licenceKey: string): Promise<SqlRow[]> {
  const rows = await connection.query(
    `SELECT * FROM zk_file WHERE licence_key = ? AND state IN (${ROW_STATES.new}, ${ROW_STATES.claimed}) ORDER BY revision DESC, row_id DESC`,
    [licenceKey],
  );
  const newest = new Map<string, SqlRow>();
  for (const row of rows) {
    const format = toText(row.format) ?? '';
    if (!newest.has(format)) newest.set(format, row);
  }
  return [...newest.values()];
}

function unreadableFile(row: SqlRow): PointedFault[] {
  const format = toText(row.format) ?? '';
  const faults: PointedFault[] = [];
  if (format !== 'ofd' && format !== 'pdf')
    faults.push({ pointer: '/files/format', code: 'FIELD_NOT_IN_CODE_LIST', detail: 'ofd, pdf' });
  if (!(row.content instanceof Uint8Array) || row.content.length === 0) {
    faults.push({ pointer: `/files/${format}/content`, code: 'FIELD_REQUIRED' });
  }
  return faults;
}

function toHandedFile(row: SqlRow): HandedFile {
  const bytes = row.content;
  if (!(bytes instanceof Uint8Array)) throw new Fault('ROW_PAYLOAD_BROKEN');
  return { format: toText(row.format) ?? '', bytes, sm3: toText(row.sm3) ?? null };
}
