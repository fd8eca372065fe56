/** Keep the revocation lists fresh: of every authority whose certificates are trusted or used here, before they run out, and
 *  again after a while when they could not be had. */
import type { House } from '../../models/house.ts';
import { findDueLists, findUsedCertificates, keepList, noteFailedTry } from '../../models/revocation/index.ts';
import { crlUrlsOf, parseCertificate, SigningError } from '../../signing/index.ts';
import { type FetchFault, type FetchLimits, fetchBytes, readAddress } from './fetch-list.ts';
import { judgeList, type ListFault } from './judge-list.ts';

export interface RevocationSources {
  /** Beside those that certificates name. */
  readonly urls: readonly string[];
  readonly insideHosts: FetchLimits['insideHosts'];
  /** Of one list; left out: 20 seconds. */
  readonly timeoutMs?: number;
}

export interface RefreshResult {
  readonly fetched: number;
  readonly failed: number;
}

const TIMEOUT_MS = 20_000;
const MOST_BYTES = 16 * 1024 * 1024;
const MINUTE_MS = 60_000;
const SOONEST_MS = 10 * MINUTE_MS;
const LATEST_MS = 24 * 60 * MINUTE_MS;
const FIRST_PAUSE_MS = 5 * MINUTE_MS;
const LONGEST_PAUSE_MS = 6 * 60 * MINUTE_MS;

type Row = Awaited<ReturnType<typeof findDueLists>>[number];

/** One try for each list that is due. */
export async function refreshRevocationLists(house: House, sources: RevocationSources): Promise<RefreshResult> {
  const certificates = await findUsedCertificates(house);
  const named = certificates.flatMap(urlsIn);
  const urls = [...new Set([...named, ...sources.urls])].filter((url) => readAddress(url) !== undefined);
  let fetched = 0;
  let failed = 0;
  for (const row of await findDueLists(house, urls)) {
    const fault = await refresh(house, row, sources, certificates);
    if (fault === undefined) fetched += 1;
    else failed += 1;
    if (fault !== undefined) house.log.warn({ url: row.url, fault }, 'a revocation list could not be had');
  }
  return { fetched, failed };
}

function urlsIn(der: Uint8Array): string[] {
  try {
    return crlUrlsOf(parseCertificate(der));
  } catch (error) {
    if (error instanceof SigningError) return [];
    throw error;
  }
}

async function refresh(
  house: House,
  row: Row,
  { insideHosts, timeoutMs = TIMEOUT_MS }: RevocationSources,
  authorities: readonly Uint8Array[],
): Promise<FetchFault | ListFault | 'STALE' | undefined> {
  const answer = await fetchBytes(row.url, { timeoutMs, mostBytes: MOST_BYTES, insideHosts });
  const now = house.clock();
  const judged = answer.bytes
    ? judgeList(answer.bytes, { authorities, now, keptUpdate: row.thisUpdate })
    : { fault: answer.fault };
  const pause = Math.min(FIRST_PAUSE_MS * 2 ** Math.min(row.failures, 20), LONGEST_PAUSE_MS);
  const later = new Date(now.getTime() + pause);
  if (judged.fault !== undefined) {
    await noteFailedTry(house, row.id, judged.fault, later);
    return judged.fault;
  }
  const { nextUpdate } = judged.list;
  if (nextUpdate && nextUpdate <= now) {
    await keepList(house, row.id, judged.list, later, 'STALE');
    return 'STALE';
  }
  await keepList(house, row.id, judged.list, nextTry(now, nextUpdate));
  return undefined;
}

/** Half way to the day on which it runs out, at least every day. */
function nextTry(now: Date, nextUpdate: Date | null): Date {
  const half = nextUpdate ? (nextUpdate.getTime() - now.getTime()) / 2 : LATEST_MS;
  return new Date(now.getTime() + Math.min(Math.max(half, SOONEST_MS), LATEST_MS));
}
