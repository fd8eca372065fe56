/** Extend the access log. Each entry holds the hash of the one before, so none can be changed, dropped
 *  or put in between unnoticed. */

import type { Caller, House } from '../house.ts';
import { canonicalJson } from '../kernel/canonical-json.ts';
import { sm3Hex } from '../kernel/digest.ts';
import { Fault } from '../kernel/fault.ts';
import { readRows } from '../store/bulk-read.ts';
import { insertRows } from '../store/bulk-write.ts';
import { type Tx, withTransaction } from '../store/with-transaction.ts';
import { findHolderIndexes, subjectsOf } from './audit-subjects.ts';
import type { AuditAct, AuditOutcome } from './audit-words.ts';
import type { AuditColumns } from './rows.ts';

/** What happened; who and from where come from the caller. */
export interface AuditFacts {
  readonly act: AuditAct;
  readonly outcome?: AuditOutcome;
  readonly licenceId?: string | null;
  /** All licences of an act that shows several. */
  readonly licenceIds?: readonly string[];
  /** Blind index of the holder whom the act names. The holders of the licences are added. */
  readonly holderIndex?: string | null;
  /** Blind indexes of all holders concerned, where the act knows them: then nobody is looked up. */
  readonly holderIndexes?: readonly string[];
  readonly caseNumber?: string | null;
  readonly matterCode?: string | null;
  readonly purpose?: string | null;
  /** Ids, codes and counts; never names or numbers of persons. */
  readonly details?: Readonly<Record<string, unknown>>;
}

/** Append within the transaction of the act itself: both are kept or neither. Gives the entry's number. */
export async function appendAudit(house: House, tx: Tx, caller: Caller, facts: AuditFacts): Promise<number> {
  return appendAudits(house, tx, caller, [facts]);
}

/** Append many entries of one caller, in their order, with as few statements as one takes. Whoever calls this holds the head of
 *  the chain until the commit, and all others wait: let it be the last thing of a transaction. Gives the last entry's number, 0
 *  when there is none. Throws `AUDIT_UNAVAILABLE`. */
export async function appendAudits(
  house: House,
  tx: Tx,
  caller: Caller,
  entries: readonly AuditFacts[],
): Promise<number> {
  if (entries.length === 0) return 0;
  const { auditEntries, auditHead, auditSubjects } = house.db.rows;
  const concerned = await describeConcerned(house, tx, entries);
  const [head] = await readRows(auditHead, { where: { id: 1 }, tx, lock: true });
  if (!head) throw new Fault('AUDIT_UNAVAILABLE');
  const at = house.clock();
  const rows: AuditColumns[] = [];
  let { seq, hash } = head;
  for (const [index, facts] of entries.entries()) {
    const about = concerned[index];
    if (!about) continue;
    seq += 1;
    const content = { seq, at, ...describeCaller(caller), ...describeFacts(facts), ...about, previousHash: hash };
    hash = hashAuditEntry(content);
    rows.push({ ...content, hash });
  }
  await insertRows(house.db, tx, auditEntries, rows);
  await insertRows(house.db, tx, auditSubjects, rows.flatMap(subjectsOf));
  await auditHead.update({ seq, hash }, { where: { id: 1 }, transaction: tx });
  return seq;
}

function describeCaller(caller: Caller) {
  return {
    actorType: caller.type,
    actorId: storable(caller.id),
    organisationCode: storable(caller.organisationCode),
    address: storable(caller.address),
    requestId: storable(caller.requestId),
  };
}

function describeFacts(facts: AuditFacts) {
  return {
    act: facts.act,
    outcome: facts.outcome ?? ('done' as const),
    caseNumber: storable(facts.caseNumber ?? null),
    matterCode: storable(facts.matterCode ?? null),
    purpose: storable(facts.purpose ?? null),
  };
}

/** The first holder has a column; the others, and the licences of a list, stand in the details, so that the chain covers
 *  them. */
async function describeConcerned(
  house: House,
  tx: Tx,
  entries: readonly AuditFacts[],
): Promise<Pick<AuditColumns, 'licenceId' | 'holderIndex' | 'details'>[]> {
  const named = entries.map((facts) => {
    const licenceId = storable(facts.licenceId ?? null);
    const licenceIds = facts.licenceIds?.map(storable);
    return { facts, licenceId, licenceIds, all: [...(licenceId === null ? [] : [licenceId]), ...(licenceIds ?? [])] };
  });
  const unknown = named.flatMap(({ facts, all }) => (facts.holderIndexes ? [] : all));
  const found = await findHolderIndexes(house, tx, unknown);
  return named.map(({ facts, licenceId, licenceIds, all }) => {
    const holders = facts.holderIndexes ?? [...new Set(all.flatMap((id) => found.get(id) ?? []))].sort();
    const [holderIndex = null, ...others] = new Set([...(facts.holderIndex ? [facts.holderIndex] : []), ...holders]);
    const lists = { ...(licenceIds ? { licenceIds } : {}), ...(others.length > 0 ? { holderIndexes: others } : {}) };
    return { licenceId, holderIndex, details: { ...facts.details, ...lists } };
  });
}

const logged = new WeakSet<Caller>();

/** What comes back from the database as it went in: half of a surrogate pair and NUL would not, and the chain would
 *  break at an entry that nobody altered. */
function storable<T extends string | null>(text: T): T | string {
  return text === null ? text : Buffer.from(text, 'utf8').toString('utf8').replaceAll('\0', '\uFFFD');
}

/** Append on its own, before an answer that reads. If it cannot be written there is no answer: `AUDIT_UNAVAILABLE`. */
export async function logAccess(house: House, caller: Caller, facts: AuditFacts): Promise<number> {
  try {
    const seq = await withTransaction(house.db, (tx) => appendAudit(house, tx, caller, facts));
    noteLogged(caller);
    return seq;
  } catch (cause) {
    throw new Fault('AUDIT_UNAVAILABLE', { cause });
  }
}

/** An act that was refused has kept its entry in a transaction of its own. */
export function noteLogged(caller: Caller): void {
  logged.add(caller);
}

/** Has a refused or reading act kept an entry of this caller? A caller is made anew for each request, so this speaks of one request. */
export function wasLogged(caller: Caller): boolean {
  return logged.has(caller);
}

/** SM3 over the canonical JSON of the entry without its own hash. */
export function hashAuditEntry(entry: Omit<AuditColumns, 'hash'>): string {
  return sm3Hex(canonicalJson({ ...entry, at: entry.at.toISOString() }));
}
