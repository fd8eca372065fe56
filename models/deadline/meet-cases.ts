/** Licences of cases have arrived: each case is linked and its clock stops, at the moment of arrival; that of a declared batch with the
 *  last of as many as were declared; how many those of a batch by sheet are its first import says. */
import { Op } from 'sequelize';
import type { House } from '../house.ts';
import { toShanghaiDate } from '../kernel/clock.ts';
import { readRows } from '../store/bulk-read.ts';
import { insertRows, updateRows } from '../store/bulk-write.ts';
import type { Tx } from '../store/with-transaction.ts';
import { countAnew } from './count-standing.ts';
import { findPlaced } from './find-placed.ts';
import { keepPast } from './keep-past.ts';
import { meetByArrival, meetDeadlines, openDeadlines } from './open-deadline.ts';
import { type CaseColumns, NOT_WITHDRAWN, STANDS } from './rows.ts';

export interface ArrivedLicence {
  readonly id: string;
  readonly issuingBody: string;
  readonly catalogueCode: string;
  readonly caseNumber: string | null;
  readonly closedAt: Date | null;
  readonly source: 'form' | 'sheet' | 'front-end' | 'api' | 'province';
  /** When it came; that its case becomes known may be later. */
  readonly createdAt: Date;
}

/** How the cases were closed, where the way in says so. */
export interface ArrivalWay {
  readonly mode: CaseColumns['mode'];
  readonly offlineReason?: string;
  /** Of a batch. */
  readonly batchClosedAt?: Date;
}

/** Without a notice the row's own closing time counts, so that lateness is recorded on arrival.
 *  @param came earlier: they have long been there, and only become known to be of these cases; how the clocks stood is kept then */
export async function meetCases(
  house: House,
  tx: Tx,
  licences: readonly ArrivedLicence[],
  way?: ArrivalWay,
  came: 'now' | 'earlier' = 'now',
): Promise<void> {
  // In the order in which they came.
  const concerned = licences.filter(({ caseNumber }) => caseNumber).sort((a, b) => (a.id < b.id ? -1 : 1));
  const known = await findCases(house, tx, concerned);
  const arrived = new Map<string, string>();
  const batches = new Map<string, { readonly row: CaseColumns; change: number }>();
  const bySheet = new Set<string>();
  const late: Unannounced[] = [];
  const closings = earliestClosings(concerned);
  for (const licence of concerned) {
    const key = keyOf(licence);
    const row = known.get(key);
    if (row && row.batchSize !== null) batches.set(row.id, { row, change: (batches.get(row.id)?.change ?? 0) + 1 });
    else if (row && isSheetBatch(row)) bySheet.add(row.id);
    if (row ? row.licenceId !== null : licence.closedAt === null) continue;
    // The first licence of a case that is no declared batch stops its clock.
    if (row) {
      arrived.set(row.id, licence.id);
      known.set(key, { ...row, licenceId: licence.id });
    } else {
      const made = composeCase(house, { ...licence, closedAt: closings.get(key) ?? null }, way);
      late.push({ row: made, cameAt: licence.createdAt });
      known.set(key, made);
    }
  }
  const links = [...arrived].map(([id, licenceId]) => ({ id, licenceId }));
  await updateRows(house.db, tx, house.db.rows.cases, 'id', links);
  const single = [...arrived.keys()].filter((id) => !batches.has(id) && !bySheet.has(id));
  if (came === 'earlier') await keepPast(house, tx, single);
  await meetByArrival(house, tx, single);
  await meetBatches(house, tx, [...batches.values()], came);
  await recordArrivals(house, tx, late, way);
}

/** Looked at when as many have come as were declared, and not again for what comes after them. */
async function meetBatches(
  house: House,
  tx: Tx,
  batches: readonly { readonly row: CaseColumns; readonly change: number }[],
  came: 'now' | 'earlier',
): Promise<void> {
  const standing = await countAnew(house, tx, batches);
  for (const { row } of batches) {
    const [wanted, stand] = [row.batchSize ?? 1, standing.get(row.id) ?? 0];
    if (stand < wanted || (row.arrived ?? 0) >= wanted) continue;
    const last = await findPlaced(house, tx, row.id, wanted, stand);
    if (!last) continue;
    if (came === 'earlier') await keepPast(house, tx, [row.id]);
    await meetDeadlines(house, tx, [row.id], last.at);
  }
}

/** Of several licences of one case the earliest counts, in whatever order they come. */
function earliestClosings(licences: readonly ArrivedLicence[]): ReadonlyMap<string, Date> {
  const earliest = new Map<string, Date>();
  for (const licence of licences) {
    const [key, { closedAt }] = [keyOf(licence), licence];
    const known = earliest.get(key);
    if (closedAt && (!known || closedAt < known)) earliest.set(key, closedAt);
  }
  return earliest;
}

/** How many it has is known at the end of its first import; until then nothing stops its clock. */
export const isSheetBatch = ({ mode, source, batchSize }: Pick<CaseColumns, 'mode' | 'source' | 'batchSize'>) =>
  mode === 'batch' && source === 'sheet' && batchSize === null;

type Keyed = Pick<ArrivedLicence, 'issuingBody' | 'caseNumber' | 'catalogueCode'>;

export const keyOf = ({ issuingBody, caseNumber, catalogueCode }: Keyed) =>
  JSON.stringify([issuingBody, caseNumber, catalogueCode]);

/** Of these licences, by `keyOf`; held, so that what arrives and what is taken back wait for each other. */
export async function findCases(house: House, tx: Tx, all: readonly Keyed[]): Promise<Map<string, CaseColumns>> {
  const licences = all.filter(({ caseNumber }) => caseNumber);
  if (licences.length === 0) return new Map();
  const rows = await readRows(house.db.rows.cases, {
    where: {
      ...STANDS,
      issuingBody: { [Op.in]: [...new Set(licences.map(({ issuingBody }) => issuingBody))] },
      caseNumber: { [Op.in]: [...new Set(licences.map(({ caseNumber }) => caseNumber ?? ''))] },
      catalogueCode: { [Op.in]: [...new Set(licences.map(({ catalogueCode }) => catalogueCode))] },
    },
    order: [['id', 'ASC']],
    lock: true,
    by: 'cases_entry',
    tx,
  });
  return new Map(rows.map((row) => [keyOf(row), row]));
}

/** A case nobody gave notice of, and when its licence came. */
interface Unannounced {
  readonly row: CaseColumns;
  readonly cameAt: Date;
}

function composeCase(house: House, licence: ArrivedLicence, way: ArrivalWay | undefined): CaseColumns {
  const { id, issuingBody, catalogueCode, caseNumber, closedAt, source, createdAt: cameAt } = licence;
  const now = house.clock();
  return {
    id: house.newId(),
    caseNumber: caseNumber ?? '',
    issuingBody,
    catalogueCode,
    mode: way?.mode ?? (isOnline(source, closedAt ?? now, cameAt) ? 'online' : 'offline'),
    ...{ offlineReason: way?.offlineReason ?? null, batchSize: null, arrived: null },
    closedAt: closedAt ?? now,
    noticedAt: now,
    licenceId: id,
    source: 'arrival',
    ...NOT_WITHDRAWN,
  };
}

/** Made where the case was closed, and there on that day. What comes later was made elsewhere, or did not come: its clock shows it. */
const isOnline = (source: ArrivedLicence['source'], closedAt: Date, cameAt: Date) =>
  (source === 'form' || source === 'api') && toShanghaiDate(closedAt) === toShanghaiDate(cameAt);

/** Their clocks began at the closing and stop with the arrival: late or not is seen in them. */
async function recordArrivals(
  house: House,
  tx: Tx,
  late: readonly Unannounced[],
  way: ArrivalWay | undefined,
): Promise<void> {
  if (late.length === 0) return;
  await insertRows(
    house.db,
    tx,
    house.db.rows.cases,
    late.map(({ row }) => row),
  );
  const timed = late.filter(({ row }) => row.mode !== 'online' && !isOfBatch(row, way));
  const facts = timed.map(({ row: { id, mode, issuingBody, closedAt }, cameAt }) => ({
    ...{ kind: mode === 'batch' ? ('batch-push' as const) : ('offline-push' as const), subjectId: id },
    ...{ organisationCode: issuingBody, startedAt: closedAt, metAt: cameAt },
  }));
  await openDeadlines(house, tx, facts);
}

/** The batch's clock runs for it. What was closed on an earlier day than the batch is no younger for being called one. */
const isOfBatch = ({ closedAt }: CaseColumns, { mode, batchClosedAt }: Partial<ArrivalWay> = {}) =>
  mode === 'batch' && batchClosedAt !== undefined && toShanghaiDate(closedAt) >= toShanghaiDate(batchClosedAt);
