/** A department for tests: its own front-end database, rows written by SQL, licences sealed by its own seal. */

import {
  type FrontEndConnection,
  openFrontEnd,
  type SqlRow,
  type SqlValue,
} from '../../exchange/front-end/connection.ts';
import { zhengkuProfile } from '../../exchange/front-end/zhengku/zhengku-profile.ts';
import { saveFrontEnd } from '../../models/exchange-state/save-front-end.ts';
import type { Caller, House } from '../../models/house.ts';
import { saveReviewRule } from '../../models/licence/save-review-rule.ts';
import { bureauOfficer, COMPANY, ENTRY, sealKeeper } from '../world/sample-entry.ts';
import { numberOf } from '../world/sealed-elsewhere.ts';

export { furnishOther, numberOf, OTHER_ENTRY, ownIdentifier, sealElsewhere } from '../world/sealed-elsewhere.ts';

export interface Department {
  readonly connection: FrontEndConnection;
  /** Lay down a row; revision 1 and `upsert` unless said otherwise. */
  push(table: string, values: Readonly<Record<string, SqlValue>>): Promise<void>;
  /** The newest row of a key, or that of a revision. */
  read(table: string, businessKey: string, revision?: number): Promise<SqlRow>;
}

export async function openDepartment(url: string): Promise<Department> {
  const connection = openFrontEnd(url, { create: true });
  await zhengkuProfile.init(connection);
  return {
    connection,
    async push(table, values) {
      const names = Object.keys(values);
      const marks = names.map(() => '?').join(', ');
      await connection.execute(`INSERT INTO ${table} (${names.join(', ')}) VALUES (${marks})`, Object.values(values));
    },
    async read(table, businessKey, revision) {
      const rows = await connection.query(
        `SELECT * FROM ${table} WHERE business_key = ? ${revision ? `AND revision = ${revision}` : ''} ORDER BY revision DESC, row_id DESC LIMIT 1`,
        [businessKey],
      );
      return rows[0] ?? {};
    },
  };
}

export async function registerMachine(
  house: House,
  name: string,
  organisationCode: string,
  url: string,
): Promise<void> {
  await saveFrontEnd(house, bureauOfficer, { name, organisationCode, url, state: 'active' });
}

/** The issuer lets its own system's licences pass without a person. */
export async function saveRule(house: House, catalogueCode = ENTRY.code, keeper: Caller = sealKeeper): Promise<void> {
  const rule = {
    catalogueCode,
    sources: ['front-end' as const],
    coversCommitment: false,
    from: '2026-01-01',
    to: '2026-12-31',
  };
  await saveReviewRule(house, keeper, rule);
}

/** Payload columns of a right licence; `serial` makes its number its own. */
export function licenceColumns(
  serial: number,
  fields: Readonly<Record<string, string>> = {},
): Record<string, SqlValue> {
  return {
    catalogue_code: ENTRY.code,
    holders: JSON.stringify([{ name: '样例建设有限公司', type: 'legal', number: COMPANY }]),
    fields: JSON.stringify({ licenceNumber: numberOf(serial), projectName: `样例花园${serial}期`, ...fields }),
  };
}
