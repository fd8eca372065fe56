/** A machine with Henan's tables: rows are overwritten, and wait while sync_state is 0. */
import { openFrontEnd, type SqlValue, toInstantText } from '../../../exchange/front-end/connection.ts';
import { henanProfile } from '../../../exchange/henan/front-end/henan-profile.ts';
import { COMPANY, ENTRY } from '../../world/sample-entry.ts';
import { numberOf } from '../department.ts';
import type { LaidFile, LaidLicence, LaidState, TestMachine } from './test-machine.ts';

const STATES: Readonly<Record<LaidState, number>> = { valid: 11, suspended: -10, expired: -4, void: -5 };

export async function openHenanMachine(url: string, name: string): Promise<TestMachine> {
  const connection = openFrontEnd(url, { create: true });
  await henanProfile.init(connection);
  const put = async (table: string, key: string, values: Readonly<Record<string, SqlValue>>) => {
    const [keyColumn] = Object.keys(values);
    const known = await connection.query(`SELECT 1 FROM ${table} WHERE ${keyColumn} = ?`, [key]);
    const names = Object.keys(values);
    const sql = known.length
      ? `UPDATE ${table} SET ${names.map((column) => `${column} = ?`).join(', ')} WHERE ${keyColumn} = ?`
      : `INSERT INTO ${table} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`;
    await connection.execute(sql, known.length ? [...Object.values(values), key] : Object.values(values));
  };
  const lay = (key: string, licence: LaidLicence, file?: LaidFile, metadata?: string) =>
    put('hn_license_sync', key, licenceRow(key, licence, file, metadata));
  const layAgain = async (key: string) => {
    await connection.execute('UPDATE hn_license_sync SET sync_state = 0 WHERE license_file_number = ?', [key]);
  };
  return {
    profile: 'henan',
    connection,
    lay: (key, licence, file) => lay(key, licence, file),
    async layState(key, state) {
      const sql =
        'UPDATE hn_license_sync SET state = ?, sync_state = 0, sync_date = NULL WHERE license_file_number = ?';
      await connection.execute(sql, [STATES[state], key]);
    },
    layAgain,
    layBroken: (key, serial) => lay(key, { serial }, undefined, '[{"t_key":'),
    retire: (code) =>
      put('hn_catalog_sync', code, {
        ...{ catalog_no: code, license_name: ENTRY.name, licence_type_code: code, issue_unit: ENTRY.issuingBody },
        ...{ whose: 1, state: -2, category: 1, sync_state: 0 },
      }),
    async receipts(key) {
      const rows = await connection.query('SELECT * FROM zk_receipt WHERE business_key = ? ORDER BY revision', [key]);
      return rows.map((row) => ({
        state: Number(row.state),
        code: (row.receipt_code as string | null) ?? null,
        text: String(row.receipt_text ?? ''),
        identifier: (row.licence_identifier as string | null) ?? null,
      }));
    },
    async isTaken(key) {
      const [row] = await connection.query(
        'SELECT sync_state, sync_date FROM hn_license_sync WHERE license_file_number = ?',
        [key],
      );
      return Number(row?.sync_state) === 1 && row?.sync_date !== null;
    },
    async loseReceipts(key) {
      await connection.execute('DELETE FROM zk_receipt WHERE business_key = ?', [key]);
      await layAgain(key);
    },
    async claimAs(key, owner, at) {
      await connection.execute(
        `INSERT INTO zk_receipt (source_table, business_key, revision, operation, subject, row_digest, state, claimed_by, claimed_at)
         VALUES ('hn_license_sync', ?, 1, 'upsert', 'X', 'X', 1, ?, ?)`,
        [key, owner, toInstantText(connection.dialect, at)],
      );
    },
    async provincialCode(code) {
      const [row] = await connection.query('SELECT catalog_id FROM hn_catalog_release WHERE licence_type_code = ?', [
        code,
      ]);
      return row?.catalog_id as string | undefined;
    },
    sourceKey: (house, key) => `${name}/${house.cipher.blindIndex('henan hn_license_sync', `${name}/${key}`)}`,
    close: () => connection.close(),
  };
}

function licenceRow(
  key: string,
  licence: LaidLicence,
  file: LaidFile | undefined,
  metadata: string | undefined,
): Record<string, SqlValue> {
  const { serial, projectName = `样例花园${serial}期`, holderNumber = COMPANY, address, startOn, validTo } = licence;
  const items = [
    { t_key: 'xmmc', t_name: '工程名称', t_value: projectName, type: 'string' },
    ...(address ? [{ t_key: 'address', t_name: '建设地址', t_value: address, type: 'string' }] : []),
    ...(startOn ? [{ t_key: 'startOn', t_name: '开工日期', t_value: startOn, type: 'riqi' }] : []),
    ...(file ? [{ t_key: 'zzbs', t_name: '证照标识', t_value: file.identifier, type: 'string' }] : []),
  ];
  const code = licence.catalogueCode ?? ENTRY.code;
  return {
    ...{ license_file_number: key, license_number: numberOf(serial), license_name: ENTRY.name },
    ...{ issue_date: file?.issuedOn ?? null, valid_time_end: validTo ?? null, issue_unit: code.slice(0, 18) },
    ...{ holder: '样例建设有限公司', holder_code: holderNumber, category: 1, whose: 1, state: 11, sync_state: 0 },
    ...{ new_add_metadata: metadata ?? JSON.stringify(items), file_type: file ? file.format.toUpperCase() : null },
    ...{ license_file: file ? Buffer.from(file.bytes).toString('base64') : null, license_type_code: code },
  };
}
