/** The nightly comparison: both sides in the order of subjects, side by side. What is missing there or differs is
 *  queued again; what is there and not here is reported. */
import { findNewestEntry } from '../../models/catalogue/index.ts';
import { queueAgain, recordComparison, startComparison } from '../../models/exchange-state/index.ts';
import type { House } from '../../models/house.ts';
import { composeRecords, listIssued } from '../../models/licence/index.ts';
import { openHouseKey } from '../../models/seal/index.ts';
import { type ComposedMessage, composeCatalogueMessage, composeLicenceMessage } from './compose-message.ts';
import type { Province } from './province.ts';
import { provinceCaller } from './push-to-province.ts';
import { type HeldDigest, readDigests } from './read-digests.ts';

export interface Difference {
  readonly subject: string;
  /** `ahead`: the province has a later sequence than the city; nobody mends that by sending. */
  readonly kind: 'missing' | 'differs' | 'ahead' | 'extra';
}

export interface ComparisonCounts {
  same: number;
  missing: number;
  differs: number;
  ahead: number;
  extra: number;
  /** Differs, and is on its way already. */
  pending: number;
  requeued: number;
}

export interface Comparison {
  readonly comparisonId: string;
  readonly counts: ComparisonCounts;
  /** The first thousand. */
  readonly differences: readonly Difference[];
}

/** Both sides held the same, and nothing was on its way. */
export function isAgreed({ missing, differs, ahead, extra, pending }: ComparisonCounts): boolean {
  return missing + differs + ahead + extra + pending === 0;
}

const PAGE = 500;
const MOST_KEPT = 1000;

/** Throws `PROVINCE_UNAVAILABLE`; what was found until then is kept. */
export async function compareWithProvince(house: House, province: Province): Promise<Comparison> {
  const key = await openHouseKey(house, 'repository', 'SM2');
  const comparisonId = await startComparison(house);
  const counts: ComparisonCounts = { same: 0, missing: 0, differs: 0, ahead: 0, extra: 0, pending: 0, requeued: 0 };
  const differences: Difference[] = [];
  const caller = provinceCaller(house);
  try {
    for await (const { ours, theirs } of sideBySide(cityDigests(house), readDigests(house, province, key))) {
      await judge(house, ours, theirs, counts, differences);
    }
  } catch (error) {
    await recordComparison(house, caller, comparisonId, { ...counts }, differences, 'failed');
    throw error;
  }
  await recordComparison(house, caller, comparisonId, { ...counts }, differences, 'done');
  return { comparisonId, counts, differences };
}

async function judge(
  house: House,
  ours: ComposedMessage | undefined,
  theirs: HeldDigest | undefined,
  counts: ComparisonCounts,
  differences: Difference[],
): Promise<void> {
  if (ours && theirs && ours.sequence === theirs.sequence && ours.digest === theirs.digest) {
    counts.same += 1;
    return;
  }
  const kind = !ours ? 'extra' : !theirs ? 'missing' : theirs.sequence > ours.sequence ? 'ahead' : 'differs';
  if (ours && (kind === 'missing' || kind === 'differs')) {
    if (!(await queueAgain(house, ours.own))) {
      counts.pending += 1;
      return;
    }
    counts.requeued += 1;
  }
  counts[kind] += 1;
  if (differences.length < MOST_KEPT) differences.push({ subject: ours?.subject ?? theirs?.subject ?? '', kind });
}

/** `catalogue:` comes before `licence:`; codes and identifiers are plain ASCII, so both sides order alike. */
async function* cityDigests(house: House): AsyncGenerator<ComposedMessage> {
  const codes = await house.db.rows.catalogueEntries.findAll({
    attributes: ['code'],
    group: ['code'],
    order: [['code', 'ASC']],
  });
  for (const { code } of codes) {
    const entry = await findNewestEntry(house, code);
    if (entry) yield composeCatalogueMessage(entry);
  }
  for (let after = ''; ; ) {
    const licences = await listIssued(house, after, PAGE);
    for (const recorded of await composeRecords(house, licences)) yield composeLicenceMessage(recorded);
    after = licences.at(-1)?.identifier ?? '';
    if (licences.length < PAGE) return;
  }
}

interface Pair {
  readonly ours?: ComposedMessage;
  readonly theirs?: HeldDigest;
}

async function* sideBySide(
  city: AsyncGenerator<ComposedMessage>,
  there: AsyncGenerator<HeldDigest>,
): AsyncGenerator<Pair> {
  let [ours, theirs] = [await city.next(), await there.next()];
  while (!ours.done || !theirs.done) {
    const a = ours.done ? undefined : ours.value;
    const b = theirs.done ? undefined : theirs.value;
    if (a && (!b || a.subject <= b.subject)) {
      const both = b?.subject === a.subject ? b : undefined;
      yield both ? { ours: a, theirs: both } : { ours: a };
      ours = await city.next();
      if (both) theirs = await there.next();
    } else if (b) {
      yield { theirs: b };
      theirs = await there.next();
    }
  }
}
