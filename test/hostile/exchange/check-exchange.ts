/** Counts what the departments, the city and the province hold after a campaign: equal sets, one effect for each change, one
 *  receipt for each row. Raw tables and plain SQL; nothing of the product's is used. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkChain } from '../check-chain.ts';
import { openMysqlTables, openSqliteTables, type RawTables, type Row } from './raw-tables.ts';

export interface ExchangePlaces {
  readonly cityUrl: string;
  readonly machines: readonly { readonly name: string; readonly url: string }[];
  readonly blobFolder: string;
  readonly provinceFile: string;
}

export interface ExchangeReport {
  readonly faults: readonly string[];
  readonly counts: Readonly<Record<string, number>>;
}

interface Books {
  /** Rows of zk_licence by machine. */
  readonly rows: ReadonlyMap<string, readonly Row[]>;
  readonly licences: readonly Row[];
  readonly changes: ReadonlyMap<string, readonly Row[]>;
  readonly files: readonly Row[];
  readonly held: readonly Row[];
  readonly heldFiles: readonly Row[];
}

const ACCEPTED = 2;
const REFUSED = 3;
const STATUS_ACTS: ReadonlySet<unknown> = new Set(['suspend', 'resume']);

const sm3 = (bytes: Uint8Array): string => createHash('sm3').update(bytes).digest('hex');

export async function checkExchange(places: ExchangePlaces): Promise<ExchangeReport> {
  const city = await openMysqlTables(places.cityUrl);
  const province = openSqliteTables(places.provinceFile);
  try {
    const books = await readBooks(places, city, province);
    const counts: Record<string, number> = {};
    const faults = [
      ...checkReceipts(books, counts),
      ...checkEffects(books, counts),
      ...checkHistories(books, counts),
      ...checkProvince(books, places.blobFolder, counts),
      ...(await checkQuiet(city)),
      ...checkChain(
        await city.all('SELECT * FROM audit_entries ORDER BY seq'),
        (await city.all('SELECT seq, hash FROM audit_head'))[0],
        counts,
      ),
    ];
    return { faults, counts };
  } finally {
    await city.close();
    await province.close();
  }
}

async function readBooks(places: ExchangePlaces, city: RawTables, province: RawTables): Promise<Books> {
  const rows = new Map<string, readonly Row[]>();
  for (const { name, url } of places.machines) {
    const department = await openMysqlTables(url);
    rows.set(name, await department.all('SELECT * FROM zk_licence ORDER BY row_id'));
    await department.close();
  }
  return {
    rows,
    licences: await city.all('SELECT * FROM licences'),
    changes: groupBy(await city.all('SELECT * FROM licence_changes ORDER BY sequence'), 'licence_id'),
    files: await city.all('SELECT * FROM licence_files'),
    held: await province.all("SELECT subject, sequence, record FROM subjects WHERE subject LIKE 'licence:%'"),
    heldFiles: await province.all('SELECT subject, sm3, bytes FROM files'),
  };
}

function groupBy(rows: readonly Row[], column: string): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const key = String(row[column]);
    const group = groups.get(key) ?? [];
    group.push(row);
    groups.set(key, group);
  }
  return groups;
}

/** Every row is answered for good, with a code. */
function checkReceipts({ rows }: Books, counts: Record<string, number>): string[] {
  const all = [...rows].flatMap(([machine, of]) => of.map((row) => ({ machine, row })));
  counts.rows = all.length;
  counts.rowsAccepted = all.filter(({ row }) => Number(row.state) === ACCEPTED).length;
  counts.rowsRefused = all.filter(({ row }) => Number(row.state) === REFUSED).length;
  return all.flatMap(({ machine, row }) => {
    const answered = [ACCEPTED, REFUSED].includes(Number(row.state)) && row.receipt_code !== null && row.receipt_at;
    return answered ? [] : [`${machine} row ${String(row.row_id)} is left in state ${String(row.state)}`];
  });
}

/** Of each business key one licence, when a row of it was accepted as issued, and none otherwise; of each accepted revision
 *  of a status one change. */
function checkEffects({ rows, licences, changes }: Books, counts: Record<string, number>): string[] {
  const faults: string[] = [];
  let wanted = 0;
  let statuses = 0;
  for (const [machine, of] of rows) {
    for (const [key, own] of groupBy(of, 'business_key')) {
      const made = licences.filter(({ source_key, state }) => source_key === `${machine}/${key}` && state === 'issued');
      const accepted = own.filter(({ state }) => Number(state) === ACCEPTED);
      const issued = accepted.some(({ operation }) => operation === 'upsert') ? 1 : 0;
      wanted += issued;
      if (made.length !== issued)
        faults.push(`${machine}/${key}: ${made.length} licences, not ${issued}; its rows: ${describeRows(own)}`);
      const revisions = new Set(
        accepted.filter(({ operation }) => operation === 'status').map(({ revision }) => Number(revision)),
      );
      const acts = (changes.get(String(made[0]?.id)) ?? []).filter(({ act }) => STATUS_ACTS.has(act)).length;
      statuses += acts;
      if (acts !== revisions.size) faults.push(`${machine}/${key}: ${acts} changes, not ${revisions.size}`);
    }
  }
  const issuedHere = licences.filter(({ state }) => state === 'issued').length;
  if (issuedHere !== wanted) faults.push(`${issuedHere} licences were issued, ${wanted} were asked for`);
  counts.licences = issuedHere;
  counts.statusChanges = statuses;
  return faults;
}

function describeRows(rows: readonly Row[]): string {
  return rows
    .map(({ revision, operation, state, receipt_code }) =>
      [revision, operation, state, receipt_code].map(String).join(' '),
    )
    .join(', ');
}

/** The changes of a licence lead in unbroken order from its issue to where it stands. */
function checkHistories({ licences, changes }: Books, counts: Record<string, number>): string[] {
  const faults: string[] = [];
  for (const { id, status, sequence, state } of licences) {
    const own = changes.get(String(id)) ?? [];
    if (state !== 'issued') {
      if (own.length > 0) faults.push(`licence ${String(id)} is ${String(state)} and has changes`);
      continue;
    }
    let before: unknown = null;
    for (const [index, change] of own.entries()) {
      if (change.from_status !== before) faults.push(`licence ${String(id)}: change ${index + 1} does not follow`);
      before = change.to_status;
    }
    const numbers = own.map((change) => Number(change.sequence));
    if (new Set(numbers).size !== numbers.length) faults.push(`licence ${String(id)} has a sequence number twice`);
    if (own.filter(({ act }) => act === 'issue').length !== 1) faults.push(`licence ${String(id)} is not issued once`);
    if (before !== status || numbers.at(-1) !== Number(sequence))
      faults.push(`licence ${String(id)} is ${String(status)}, its changes lead to ${String(before)}`);
  }
  counts.changes = [...changes.values()].reduce((sum, own) => sum + own.length, 0);
  return faults;
}

/** The province holds exactly the city's issued licences: number, status, changes and the bytes of the files. */
function checkProvince(books: Books, blobFolder: string, counts: Record<string, number>): string[] {
  const { licences, changes, files, held, heldFiles } = books;
  const faults: string[] = [];
  const there = new Map(held.map((row) => [row.subject, row]));
  const filesThere = groupBy(heldFiles, 'subject');
  const filesHere = groupBy(files, 'licence_id');
  const issued = licences.filter(({ state }) => state === 'issued');
  for (const { id, identifier, status, sequence } of issued) {
    const subject = `licence:${String(identifier)}`;
    const found = there.get(subject);
    if (!found) {
      faults.push(`the province lacks ${subject}`);
      continue;
    }
    const record = JSON.parse(String(found.record)) as Row & { readonly changes: readonly unknown[] };
    const own = changes.get(String(id)) ?? [];
    const same =
      record.status === status && Number(found.sequence) === Number(sequence) && record.changes.length === own.length;
    if (!same) faults.push(`${subject} differs in the province`);
    const digestsHere = (filesHere.get(String(id)) ?? []).map(({ digest }) => String(digest)).sort();
    const digestsThere = (filesThere.get(subject) ?? []).map(({ bytes }) => sm3(bytesOf(bytes))).sort();
    if (digestsHere.join() !== digestsThere.join()) faults.push(`${subject} has other files in the province`);
    for (const digest of digestsHere) {
      const bytes = readFileSync(join(blobFolder, digest.slice(0, 2), digest.slice(2, 4), digest));
      if (sm3(bytes) !== digest) faults.push(`file ${digest} is not what its name says`);
    }
  }
  if (held.length !== issued.length) faults.push(`${issued.length} licences here, ${held.length} in the province`);
  counts.province = held.length;
  return faults;
}

function bytesOf(value: unknown): Uint8Array {
  return value instanceof ArrayBuffer ? new Uint8Array(value) : (value as Uint8Array);
}

/** Nothing is under way any more, and nothing was given up. */
async function checkQuiet(city: RawTables): Promise<string[]> {
  const faults: string[] = [];
  for (const [what, sql] of [
    ['messages that wait', "SELECT COUNT(*) AS n FROM outbox WHERE state = 'waiting'"],
    ['messages given up', "SELECT COUNT(*) AS n FROM outbox WHERE state = 'failed'"],
    ['open sealings', "SELECT COUNT(*) AS n FROM licence_intents WHERE state = 'intended'"],
  ] as const) {
    const [row] = await city.all(sql);
    if (Number(row?.n) !== 0) faults.push(`${String(row?.n)} ${what}`);
  }
  return faults;
}
