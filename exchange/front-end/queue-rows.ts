/** The rows of one claim in queues: what acts on the same thing stands in one, in the order of rows, whichever keys it has; queues
 *  are worked side by side. */
import { type AppliedRowColumns, appliedId } from '../../models/exchange-state/index.ts';
import { groupBy } from './group-by.ts';
import { findNamed } from './load-licences.ts';
import type { FrontEndRow, MachinePass } from './profile.ts';

/** Names of what a row acts on: its key, and the licence, case or entry that it is about. */
export type Subjects = ReadonlyMap<FrontEndRow, readonly string[]>;

export const keySubject = (businessKey: string) => `key:${businessKey}`;

/** At most one look at the database, and none unless a change of status names its licence by an identifier. */
export async function nameSubjects(
  pass: MachinePass,
  rows: readonly FrontEndRow[],
  known: ReadonlyMap<string, AppliedRowColumns>,
): Promise<Subjects> {
  const madeBy = (row: FrontEndRow) => known.get(appliedId(row))?.licenceId ?? undefined;
  const named = await findNamed(pass, rows);
  const licences = new Map([...named].map(([identifier, { id }]) => [plain(identifier), id]));
  const about = (row: FrontEndRow): string[] => {
    if (row.kind !== 'licence') return aboutBody(row);
    const licenceId = madeBy(row);
    if (licenceId) return [`licence:${licenceId}`];
    const identifier = plain(row.operation === 'status' ? row.identifier : row.sealed?.identifier);
    if (!identifier) return [];
    const other = licences.get(identifier);
    if (!other) return [`identifier:${identifier}`];
    // A sealed licence under an identifier that is taken comes to nothing and holds up nobody.
    return row.operation === 'status' ? [`licence:${other}`] : [];
  };
  return new Map(rows.map((row) => [row, [keySubject(row.businessKey), ...about(row)]]));
}

const plain = (identifier = '') => identifier.trim().toUpperCase();

function aboutBody({ kind, body: { caseNumber, code } }: FrontEndRow): string[] {
  const name = kind === 'case' ? caseNumber : code;
  return typeof name === 'string' && name !== '' ? [`${kind}:${name}`] : [];
}

export function queueRows(rows: readonly FrontEndRow[], subjects: Subjects): FrontEndRow[][] {
  const leaders = new Map<string, string>();
  const leaderOf = (subject: string): string => {
    let leader = subject;
    for (let next = leaders.get(leader); next !== undefined; next = leaders.get(leader)) leader = next;
    if (leader !== subject) leaders.set(subject, leader);
    return leader;
  };
  for (const row of rows) {
    const [first = '', ...others] = subjects.get(row) ?? [];
    for (const other of others) {
      const [leader, joining] = [leaderOf(first), leaderOf(other)];
      if (leader !== joining) leaders.set(joining, leader);
    }
  }
  return [...groupBy(rows, (row) => leaderOf(keySubject(row.businessKey))).values()].map(inOrder);
}

/** Rows of one key by revision, then by row number; those of several keys as their numbers stand, or as they were claimed where
 *  rows have no numbers. */
function inOrder(rows: readonly FrontEndRow[]): FrontEndRow[] {
  const ofKeys = [...groupBy(rows, ({ businessKey }) => businessKey).values()].map((own) =>
    [...own].sort((a, b) => revisionOf(a) - revisionOf(b) || Number(a.rowId) - Number(b.rowId)),
  );
  const [only = []] = ofKeys;
  if (ofKeys.length < 2) return only;
  const claimed = new Map(rows.map((row, place) => [row, place]));
  const numbered = rows.every(({ rowId }) => Number.isFinite(Number(rowId)));
  const placeOf = (row: FrontEndRow) => (numbered ? Number(row.rowId) : (claimed.get(row) ?? 0));
  // A row stands no earlier than those of its key that go before it.
  const placed = ofKeys.flatMap((own) => {
    let place = Number.NEGATIVE_INFINITY;
    return own.map((row) => {
      place = Math.max(place, placeOf(row));
      return { row, place };
    });
  });
  return placed.sort((a, b) => a.place - b.place).map(({ row }) => row);
}

const revisionOf = ({ revision }: FrontEndRow) => (Number.isNaN(revision) ? 0 : revision);
