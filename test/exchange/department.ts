/** A department for tests: its own front-end database, rows written by SQL, licences sealed by its own seal. */

import {
  type FrontEndConnection,
  openFrontEnd,
  type SqlRow,
  type SqlValue,
} from '../../exchange/front-end/connection.ts';
import { initFrontEnd } from '../../exchange/front-end/init-front-end.ts';
import type { CatalogueDefinition } from '../../models/catalogue/definition.ts';
import { saveEntry } from '../../models/catalogue/save-entry.ts';
import { saveFrontEnd } from '../../models/exchange-state/save-front-end.ts';
import type { Caller, House } from '../../models/house.ts';
import { formatIdentifier } from '../../models/identifier/licence-identifier.ts';
import { saveReviewRule } from '../../models/licence/save-review-rule.ts';
import { openSeal } from '../../models/seal/open-seal.ts';
import { makeFiles } from '../../models/sealing/make-files.ts';
import type { SealedFiles } from '../../models/sealing/sealer.ts';
import type { FaceLayout } from '../../signing/index.ts';
import { giveSeal } from '../world/give-seal.ts';
import { bureauOfficer, COMPANY, ENTRY, OTHER_ISSUER, otherClerk, sealKeeper } from '../world/sample-entry.ts';

export interface Department {
  readonly connection: FrontEndConnection;
  /** Lay down a row; revision 1 and `upsert` unless said otherwise. */
  push(table: string, values: Readonly<Record<string, SqlValue>>): Promise<void>;
  /** The newest row of a key, or that of a revision. */
  read(table: string, businessKey: string, revision?: number): Promise<SqlRow>;
}

export async function openDepartment(url: string): Promise<Department> {
  const connection = openFrontEnd(url, { create: true });
  await initFrontEnd(connection);
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

export const numberOf = (serial: number) => `施字第2026${String(serial).padStart(6, '0')}号`;

export const OTHER_ENTRY: CatalogueDefinition = {
  ...ENTRY,
  code: `${OTHER_ISSUER}001`,
  issuingBody: OTHER_ISSUER,
  providingBody: OTHER_ISSUER,
  delegation: false,
};

/** The other body gets a seal and an entry of its own. */
export async function furnishOther(house: House): Promise<void> {
  await giveSeal(house, OTHER_ISSUER, OTHER_ENTRY.seal.name);
  await saveEntry(house, otherClerk, OTHER_ENTRY);
}

export function ownIdentifier(serial: string): string {
  return formatIdentifier({ typeCode: OTHER_ENTRY.code, issuerCode: OTHER_ISSUER, serial, version: '001' });
}

/** Files that the other body sealed in its own system. */
export async function sealElsewhere(house: House, identifier: string, serial: number): Promise<SealedFiles> {
  const entry = await house.db.rows.catalogueEntries.findOne({ where: { code: OTHER_ENTRY.code } });
  if (!entry) throw new Error('furnishOther first');
  const seal = await openSeal(house, otherClerk, OTHER_ISSUER, entry.get());
  const values = {
    ...JSON.parse(String(licenceColumns(serial).fields)),
    catalogueName: OTHER_ENTRY.name,
    identifier,
  };
  const task = {
    identifier,
    layout: OTHER_ENTRY.face as FaceLayout,
    content: { values: values as Record<string, string>, images: {}, qr: 'https://elsewhere.example/' },
    title: OTHER_ENTRY.name,
    metadata: { ZZBS: identifier },
    attachments: [],
    documentId: Buffer.from(house.random(16)).toString('hex'),
    at: house.clock(),
    seal: seal.material,
  };
  return makeFiles(task, house.fonts);
}
