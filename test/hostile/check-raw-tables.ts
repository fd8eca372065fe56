/** Counts what is in the tables and files after a campaign, with plain SQL and Node's own digests. Shares nothing with the
 *  product: what it knows of the formats is written here a second time. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Libsql from 'libsql';
import { checkChain } from './check-chain.ts';

export interface RawPlaces {
  readonly cityFile: string;
  readonly blobFolder: string;
  readonly provinceFile: string;
  readonly frontEndFile: string;
  readonly machine: string;
}

export interface Expected {
  /** Ids of licences whose sealing was answered. */
  readonly issuedOnline: readonly string[];
  /** Business keys laid down as right rows, and of wrong ones. */
  readonly goodKeys: readonly string[];
  readonly brokenKeys: readonly string[];
  /** Keys that were also suspended by a further row. */
  readonly suspendedKeys: readonly string[];
}

export interface RawReport {
  readonly faults: readonly string[];
  readonly counts: Readonly<Record<string, number>>;
}

type Row = Readonly<Record<string, unknown>>;

class Tables {
  readonly #database: Libsql.Database;

  constructor(file: string) {
    this.#database = new Libsql(file);
  }

  all(sql: string): Row[] {
    return this.#database.prepare(sql).all([]) as Row[];
  }

  close(): void {
    this.#database.close();
  }
}

const sm3 = (bytes: Uint8Array | string): string => createHash('sm3').update(bytes).digest('hex');

export function checkRawTables(places: RawPlaces, expected: Expected): RawReport {
  const city = new Tables(places.cityFile);
  const province = new Tables(places.provinceFile);
  const frontEnd = new Tables(places.frontEndFile);
  try {
    const counts: Record<string, number> = {};
    const faults = [
      ...checkIntents(city, counts),
      ...checkFiles(city, places.blobFolder, counts),
      ...checkChain(
        city.all('SELECT * FROM audit_entries ORDER BY seq'),
        city.all('SELECT seq, hash FROM audit_head')[0],
        counts,
      ),
      ...checkEffects(city, expected, counts),
      ...checkFrontEnd(city, frontEnd, places.machine, expected, counts),
      ...checkProvince(city, province, counts),
    ];
    return { faults, counts };
  } finally {
    for (const tables of [city, province, frontEnd]) tables.close();
  }
}

/** Every intent ended; no identifier twice; every sealing in the log ended in one issue or one voiding. */
function checkIntents(city: Tables, counts: Record<string, number>): string[] {
  const faults: string[] = [];
  const intents = city.all('SELECT id, licence_id, identifier, state FROM licence_intents');
  const acts = city.all(
    "SELECT act, details FROM audit_entries WHERE act IN ('licence.sealing', 'licence.issue', 'licence.void-intent')",
  );
  const logged = acts.map(
    ({ act, details }) => `${String(act)} ${String((JSON.parse(String(details)) as Row).intentId)}`,
  );
  const howOften = (line: string) => logged.filter((one) => one === line).length;
  for (const { id, state } of intents) {
    if (state !== 'finished' && state !== 'voided') faults.push(`intent ${String(id)} is ${String(state)}`);
    const wanted = { sealing: 1, issue: state === 'finished' ? 1 : 0, 'void-intent': state === 'voided' ? 1 : 0 };
    for (const [act, times] of Object.entries(wanted)) {
      const found = howOften(`licence.${act} ${String(id)}`);
      if (found !== times) faults.push(`intent ${String(id)}: ${act} is logged ${found} times, not ${times}`);
    }
  }
  faults.push(
    ...findTwice(
      intents.map(({ identifier }) => String(identifier)),
      'identifier',
    ),
  );
  const finished = new Map(
    intents.filter(({ state }) => state === 'finished').map((row) => [row.licence_id, row.identifier]),
  );
  const issued = city.all("SELECT id, identifier FROM licences WHERE state = 'issued'");
  for (const { id, identifier } of issued) {
    const own = intents.filter((intent) => intent.licence_id === id && intent.state === 'finished').length;
    if (own !== 1) faults.push(`licence ${String(id)} has ${own} finished intents`);
    if (finished.get(id) !== identifier) faults.push(`licence ${String(id)} does not carry its intent's identifier`);
  }
  if (finished.size !== issued.length)
    faults.push(`${finished.size} finished intents, ${issued.length} issued licences`);
  counts.intents = intents.length;
  counts.voided = intents.filter(({ state }) => state === 'voided').length;
  counts.issued = issued.length;
  return faults;
}

/** Two files a licence, whose bytes on the disk have the digest that names them. */
function checkFiles(city: Tables, folder: string, counts: Record<string, number>): string[] {
  const faults: string[] = [];
  const files = city.all('SELECT licence_id, version, format, digest, size_bytes FROM licence_files');
  for (const { id } of city.all("SELECT id FROM licences WHERE state = 'issued'")) {
    const formats = files
      .filter((file) => file.licence_id === id)
      .map(({ version, format }) => `${String(version)} ${String(format)}`);
    if (formats.sort().join() !== '1 ofd,1 pdf') faults.push(`licence ${String(id)} has the files ${formats.join()}`);
  }
  for (const { digest, size_bytes } of files) {
    const name = String(digest);
    const bytes = readFileSync(join(folder, name.slice(0, 2), name.slice(2, 4), name));
    if (sm3(bytes) !== name || bytes.length !== Number(size_bytes))
      faults.push(`file ${name} is not what its name says`);
  }
  counts.files = files.length;
  return faults;
}

/** What was answered was done, and done once. */
function checkEffects(city: Tables, { issuedOnline }: Expected, counts: Record<string, number>): string[] {
  const faults: string[] = [];
  const online = city.all("SELECT id, state, number_key, fields FROM licences WHERE source <> 'front-end'");
  const byId = new Map(online.map((row) => [row.id, row]));
  for (const id of issuedOnline) {
    if (byId.get(id)?.state !== 'issued')
      faults.push(`licence ${id} was answered as issued and is ${String(byId.get(id)?.state)}`);
  }
  if (online.length !== issuedOnline.length)
    faults.push(`${issuedOnline.length} licences were submitted, ${online.length} are there`);
  faults.push(
    ...findTwice(
      online.map(({ fields }) => String((JSON.parse(String(fields)) as Row).projectName)),
      'project',
    ),
  );
  for (const [table, where] of [
    ['licence_reviews', '1 = 1'],
    ['licence_changes', "act = 'issue'"],
  ] as const) {
    const rows = city.all(`SELECT licence_id FROM ${table} WHERE ${where}`);
    faults.push(
      ...findTwice(
        rows.map(({ licence_id }) => String(licence_id)),
        table,
      ),
    );
  }
  counts.online = online.length;
  return faults;
}

const ACCEPTED = 2;
const REFUSED = 3;

/** No row lost, none applied twice, each answered for good. */
function checkFrontEnd(
  city: Tables,
  machine: Tables,
  name: string,
  expected: Expected,
  counts: Record<string, number>,
): string[] {
  const faults: string[] = [];
  const rows = machine.all('SELECT business_key, operation, state, receipt_code FROM zk_licence');
  const licences = city.all(
    "SELECT id, source_key, status FROM licences WHERE source = 'front-end' AND state = 'issued'",
  );
  const changes = city.all("SELECT licence_id FROM licence_changes WHERE act = 'suspend'");
  const answerOf = (key: string, operation: string) =>
    rows
      .filter((row) => row.business_key === key && row.operation === operation)
      .map(({ state, receipt_code }) => `${String(state)} ${String(receipt_code)}`);
  for (const key of expected.goodKeys) {
    const own = licences.filter(({ source_key }) => source_key === `${name}/${key}`);
    if (own.length !== 1) faults.push(`row ${key} became ${own.length} licences`);
    const answer = answerOf(key, 'upsert');
    if (answer.length !== 1 || answer[0] !== `${ACCEPTED} ISSUED`)
      faults.push(`row ${key} is answered ${answer.join()}`);
    const suspended = changes.filter(({ licence_id }) => licence_id === own[0]?.id).length;
    const wanted = expected.suspendedKeys.includes(key) ? 1 : 0;
    if (suspended !== wanted) faults.push(`row ${key} was suspended ${suspended} times, not ${wanted}`);
    if (wanted === 1 && own[0]?.status !== 'suspended')
      faults.push(`row ${key} is ${String(own[0]?.status)}, not suspended`);
  }
  for (const key of expected.suspendedKeys) {
    const answer = answerOf(key, 'status');
    if (answer.length !== 1 || !answer[0]?.startsWith(`${ACCEPTED} `))
      faults.push(`status row ${key} is answered ${answer.join()}`);
  }
  for (const key of expected.brokenKeys) {
    const answer = answerOf(key, 'upsert');
    if (answer.length !== 1 || !answer[0]?.startsWith(`${REFUSED} `))
      faults.push(`wrong row ${key} is answered ${answer.join()}`);
    if (licences.some(({ source_key }) => source_key === `${name}/${key}`))
      faults.push(`wrong row ${key} became a licence`);
  }
  if (licences.length !== expected.goodKeys.length)
    faults.push(`${expected.goodKeys.length} right rows, ${licences.length} licences of them`);
  counts.rows = rows.length;
  return faults;
}

/** The province holds exactly the city's issued licences, with their status and their files. */
function checkProvince(city: Tables, province: Tables, counts: Record<string, number>): string[] {
  const faults: string[] = [];
  const issued = city.all("SELECT id, identifier, status, sequence FROM licences WHERE state = 'issued'");
  const files = city.all('SELECT licence_id, digest FROM licence_files');
  const held = province.all("SELECT subject, sequence, record FROM subjects WHERE subject LIKE 'licence:%'");
  const heldFiles = province.all('SELECT subject, sm3, bytes FROM files');
  const bySubject = new Map(held.map((row) => [row.subject, row]));
  for (const { id, identifier, status, sequence } of issued) {
    const subject = `licence:${String(identifier)}`;
    const there = bySubject.get(subject);
    const record = JSON.parse(String(there?.record ?? '{}')) as Row;
    if (!there) faults.push(`the province lacks ${subject}`);
    else if (record.status !== status || Number(there.sequence) !== Number(sequence))
      faults.push(
        `${subject} differs: ${String(record.status)} ${String(there.sequence)} there, ${String(status)} ${String(sequence)} here`,
      );
    const own = files
      .filter(({ licence_id }) => licence_id === id)
      .map(({ digest }) => String(digest))
      .sort();
    const theirs = heldFiles
      .filter((file) => file.subject === subject)
      .map(({ bytes }) => sm3(new Uint8Array(bytes as ArrayBuffer)))
      .sort();
    if (own.join() !== theirs.join()) faults.push(`${subject} has other files in the province`);
  }
  if (held.length !== issued.length) faults.push(`${issued.length} licences here, ${held.length} in the province`);
  counts.province = held.length;
  return faults;
}

function findTwice(values: readonly string[], what: string): string[] {
  const seen = new Set<string>();
  return values.flatMap((value) => {
    if (seen.has(value)) return [`${what} ${value} is there twice`];
    seen.add(value);
    return [];
  });
}
