/** What a department writes into its front-end database: changes of licences that are stored, and new ones it has sealed. */

import { randomBytes } from 'node:crypto';
import type mysql from 'mysql2/promise';
import { formatIdentifier } from '../../models/identifier/licence-identifier.ts';
import { openSeal } from '../../models/seal/open-seal.ts';
import { NOBODY_OUTSIDE } from '../../models/sealing/make-files.ts';
import { makeOfd } from '../../models/sealing/make-ofd.ts';
import type { SealingTask } from '../../models/sealing/sealer.ts';
import { type FaceLayout, layOutFace } from '../../signing/index.ts';
import { COMPANY, clerk, ISSUER } from '../world/sample-entry.ts';
import { BENCH_ENTRY, type ExchangeWorld } from './exchange-world.ts';

const ROWS_A_STATEMENT = 500;

async function insert(connection: mysql.Connection, table: string, rows: readonly Readonly<Record<string, unknown>>[]) {
  const names = Object.keys(rows[0] ?? {});
  for (let from = 0; from < rows.length; from += ROWS_A_STATEMENT) {
    const part = rows.slice(from, from + ROWS_A_STATEMENT).map((row) => names.map((name) => row[name]));
    await connection.query(`INSERT INTO ${table} (${names.join(', ')}) VALUES ?`, [part]);
  }
}

/** How often each stored licence was changed, by its number. */
const timesChanged = new WeakMap<ExchangeWorld, Map<number, number>>();

/** Half of them data (a telephone number), half of them status (suspended, and resumed the next time), one a licence. */
export async function pushChanges(world: ExchangeWorld, from: number, count: number): Promise<void> {
  const { department, source } = world;
  const times = timesChanged.get(world) ?? new Map<number, number>();
  timesChanged.set(world, times);
  const none = { catalogue_code: null, holders: null, fields: null };
  const empty = { ...none, status_act: null, legal_basis: null, reason: null };
  const rows = Array.from({ length: count }, (_, offset) => {
    const { businessKey, licence, holder } = source.at(from + offset);
    const round = (times.get(from + offset) ?? 0) + 1;
    times.set(from + offset, round);
    const head = { business_key: businessKey, revision: 1 + round };
    if (offset % 2 === 0)
      return {
        ...empty,
        ...head,
        operation: 'status',
        status_act: round % 2 ? 'suspend' : 'resume',
        ...{ legal_basis: '监督检查办法', reason: '例行检查' },
      };
    const holders = [{ name: holder.name, type: holder.type, number: holder.number }];
    const fields = { ...licence.fields, contactPhone: `139${String(round).padStart(8, '0')}` };
    const facts = {
      catalogue_code: licence.catalogueCode,
      holders: JSON.stringify(holders),
      fields: JSON.stringify(fields),
    };
    return { ...empty, ...head, operation: 'upsert', ...facts };
  });
  await insert(department, 'zk_licence', rows);
}

export interface SealedLicence {
  readonly key: string;
  readonly identifier: string;
  readonly fields: Readonly<Record<string, string>>;
  readonly bytes: Uint8Array;
}

const FILE_BYTES = 60_000;

/** New licences, each sealed by the department in its own system as an OFD file of some 60 kB. */
export async function sealLicences(
  { open: { house } }: ExchangeWorld,
  from: number,
  count: number,
): Promise<SealedLicence[]> {
  const entry = await house.db.rows.catalogueEntries.findOne({ where: { code: BENCH_ENTRY.code } });
  if (!entry) throw new Error('the entry is missing');
  const { material } = await openSeal(house, clerk, ISSUER, entry.get());
  const layout = BENCH_ENTRY.face as FaceLayout;
  const sealed: SealedLicence[] = [];
  let filling = 0;
  for (let serial = from; serial < from + count; serial += 1) {
    const parts = { typeCode: BENCH_ENTRY.code, issuerCode: ISSUER, serial: `S${serial}`, version: '001' };
    const identifier = formatIdentifier(parts);
    const fields = { licenceNumber: `施字第${String(1_000_000_000 + serial)}号`, projectName: `样例花园第${serial}期` };
    const values = { ...fields, catalogueName: BENCH_ENTRY.name, identifier };
    const content = { values, images: {}, qr: 'https://elsewhere.example/' };
    const task = (bytes: Uint8Array): SealingTask => ({
      ...{ identifier, layout, content, title: BENCH_ENTRY.name, metadata: { ZZBS: identifier } },
      ...{ attachments: [{ name: 'licence.json', format: 'json', bytes }], at: house.clock(), seal: material },
      documentId: randomBytes(16).toString('hex'),
    });
    const face = layOutFace(layout, content, house.fonts);
    if (filling === 0) filling = FILE_BYTES - (await makeOfd(task(new Uint8Array(1)), face, NOBODY_OUTSIDE)).length;
    const bytes = await makeOfd(task(randomBytes(Math.max(1, filling))), face, NOBODY_OUTSIDE);
    sealed.push({ key: `S${serial}`, identifier, fields, bytes });
  }
  return sealed;
}

export async function pushSealed({ department }: ExchangeWorld, licences: readonly SealedLicence[]): Promise<void> {
  const holders = JSON.stringify([{ name: '样例建设有限公司', type: 'legal', number: COMPANY }]);
  await insert(
    department,
    'zk_licence',
    licences.map(({ key, identifier, fields }) => ({
      ...{ business_key: key, catalogue_code: BENCH_ENTRY.code, holders, fields: JSON.stringify(fields) },
      ...{ sealed_files: 1, identifier, issued_on: '2026-03-01' },
    })),
  );
  for (let from = 0; from < licences.length; from += 50) {
    const part = licences.slice(from, from + 50);
    await insert(
      department,
      'zk_file',
      part.map(({ key, bytes }) => ({
        ...{
          business_key: `${key}-ofd`,
          licence_key: key,
          format: 'ofd',
          file_name: `${key}.ofd`,
          content: Buffer.from(bytes),
        },
      })),
    );
  }
}
