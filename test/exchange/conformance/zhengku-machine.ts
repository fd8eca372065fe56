/** A machine with our own tables. */
import { toInstantText } from '../../../exchange/front-end/connection.ts';
import { COMPANY, ENTRY } from '../../world/sample-entry.ts';
import { numberOf, openDepartment } from '../department.ts';
import type { LaidLicence, LaidState, TestMachine } from './test-machine.ts';

const ACTS: Readonly<Record<LaidState, string>> = {
  valid: 'resume',
  suspended: 'suspend',
  expired: 'expire',
  void: 'void',
};

export async function openZhengkuMachine(url: string, name: string): Promise<TestMachine> {
  const department = await openDepartment(url);
  const { connection } = department;
  const revisions = new Map<string, number>();
  const last = new Map<string, Record<string, string | number>>();
  const next = (key: string) => {
    const revision = (revisions.get(key) ?? 0) + 1;
    revisions.set(key, revision);
    return revision;
  };
  const push = async (key: string, values: Record<string, string | number>) => {
    last.set(key, values);
    await department.push('zk_licence', { business_key: key, revision: next(key), ...values });
  };
  return {
    profile: 'zhengku',
    connection,
    async lay(key, licence, file) {
      if (file) {
        await department.push('zk_file', {
          ...{ business_key: `${key}-${file.format}-${next(`${key}/file`)}`, licence_key: key, format: file.format },
          ...{ file_name: `${key}.${file.format}`, content: file.bytes },
        });
      }
      const sealed = file ? { sealed_files: 1, identifier: file.identifier, issued_on: file.issuedOn } : {};
      await push(key, { ...columnsOf(licence), ...sealed });
    },
    layState: (key, state) =>
      push(key, { operation: 'status', status_act: ACTS[state], legal_basis: '行政许可法', reason: '整改' }),
    async layAgain(key) {
      const revision = revisions.get(key) ?? 1;
      await department.push('zk_licence', { business_key: key, revision, ...last.get(key) });
    },
    layBroken: (key, serial) => push(key, { ...columnsOf({ serial }), holders: '[{"name":' }),
    retire: (code) =>
      department.push('zk_catalogue', {
        business_key: code,
        operation: 'status',
        definition: JSON.stringify({ code }),
      }),
    async receipts(key) {
      const rows = await connection.query('SELECT * FROM zk_licence WHERE business_key = ? ORDER BY revision, row_id', [
        key,
      ]);
      return rows.map((row) => ({
        state: Number(row.state),
        code: (row.receipt_code as string | null) ?? null,
        text: String(row.receipt_text ?? ''),
        identifier: (row.licence_identifier as string | null) ?? null,
      }));
    },
    async isTaken(key) {
      const rows = await connection.query('SELECT 1 FROM zk_licence WHERE business_key = ? AND state IN (0, 1)', [key]);
      return rows.length === 0;
    },
    async loseReceipts(key) {
      const sql = 'UPDATE zk_licence SET state = 0, receipt_code = NULL, receipt_text = NULL WHERE business_key = ?';
      await connection.execute(sql, [key]);
    },
    async claimAs(key, owner, at) {
      await connection.execute(
        'UPDATE zk_licence SET state = 1, claimed_by = ?, claimed_at = ? WHERE business_key = ? AND state = 0',
        [owner, toInstantText(connection.dialect, at), key],
      );
    },
    async provincialCode(code) {
      const row = await department.read('zk_catalogue', code);
      return (row.provincial_code as string | null) ?? undefined;
    },
    sourceKey: (_house, key) => `${name}/${key}`,
    close: () => connection.close(),
  };
}

function columnsOf(licence: LaidLicence): Record<string, string> {
  const { serial, projectName = `样例花园${serial}期`, holderNumber = COMPANY, validTo } = licence;
  const fields: Record<string, string> = { licenceNumber: numberOf(serial), projectName };
  if (licence.address) fields.address = licence.address;
  if (licence.startOn) fields.startOn = licence.startOn;
  return {
    catalogue_code: licence.catalogueCode ?? ENTRY.code,
    holders: JSON.stringify([{ name: '样例建设有限公司', type: 'legal', number: holderNumber }]),
    fields: JSON.stringify(fields),
    ...(validTo ? { valid_to: validTo } : {}),
  };
}
