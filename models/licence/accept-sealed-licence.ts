/** Record licences that their issuing department has sealed itself: the same rules as for any submission, then every
 *  file is verified over its own bytes before anything is stored. We add no seal; the check code is ours. */
import { Op } from 'sequelize';
import { requireRole } from '../account/require-role.ts';
import { type AuditFacts, appendAudits } from '../audit/append-audit.ts';
import { type Caller, type House, houseCaller } from '../house.ts';
import { toShanghaiDate } from '../kernel/clock.ts';
import { Fault, type PointedFault, throwFaults } from '../kernel/fault.ts';
import { toBase32 } from '../kernel/ids.ts';
import { inLanes } from '../kernel/in-lanes.ts';
import { describeComparisons, putComparisons } from '../registry/index.ts';
import { readRows } from '../store/bulk-read.ts';
import { isDuplicate, withTransaction } from '../store/with-transaction.ts';
import { type Arrival, type BulkOutcome, doneOf, judgeItem, type RememberAll } from './bulk-outcome.ts';
import {
  canonicalIdentifier,
  checkHandedFiles,
  type HandedFile,
  type JudgedFile,
  type JudgedFiles,
} from './check-handed-files.ts';
import { checkIdentifier } from './check-identifier.ts';
import { type Compared, compareSealed } from './compare-sealed.ts';
import { composeValidity } from './face-values.ts';
import {
  type AcceptedSubmission,
  type JudgedSubmission,
  judgeSubmissions,
  type SubmissionItem,
} from './judge-submissions.ts';
import { type Issue, recordIssues, type StoredFile } from './record-issues.ts';
import { type ChangedLicence, changedLicence } from './record-steps.ts';
import { checkIssuedOn } from './stock.ts';
import { storeSubmissions } from './store-submissions.ts';
import type { Submission } from './submission.ts';
import { duplicateNumber } from './submit-licences.ts';
import { tellStep } from './tell-step.ts';

export interface SealedByIssuer {
  readonly identifier: string;
  /** YYYY-MM-DD. */
  readonly issuedOn: string;
  readonly files: readonly HandedFile[] | JudgedFiles;
}

export interface SealedItem extends SubmissionItem {
  readonly sealed: SealedByIssuer;
  readonly arrival?: Arrival | undefined;
}

/** Two who take a number or an identifier at once: the unique key lets one pass, and the other is judged once more. */
const TRIES = 5;
/** Files that wait for the disk at once. */
const STORING_AT_ONCE = 16;

/** Every item is judged alone; all good ones are kept in one transaction, their files on the disk before it. Numbers and
 *  identifiers that come twice are refused the second time. Gives the outcomes in the order of the items; a fault names all at
 *  once (`REQUEST_INVALID` with pointers): those of any submission, and `CHECK_CHARACTER_WRONG`, `FILE_NOT_WHAT_IT_SAYS`,
 *  `FILE_REFUSED` naming the failed checks, `FILE_MISMATCH`, `ALREADY_EXISTS`; or `REGISTRY_MISMATCH`, `REGISTRY_UNAVAILABLE`. */
export async function acceptSealedLicences(
  house: House,
  caller: Caller,
  items: readonly SealedItem[],
  remember?: RememberAll<ChangedLicence>,
): Promise<readonly BulkOutcome<ChangedLicence>[]> {
  requireRole(caller, 'issuer.clerk');
  const files = await checkHandedFiles(
    house,
    items.map(({ sealed }) => sealed),
  );
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await acceptOnce(house, caller, items, files, remember);
    } catch (error) {
      if (!isTakenMeanwhile(error, items.length)) throw error;
      if (attempt === TRIES) throw isDuplicate(error) ? duplicateNumber(error) : error;
    }
  }
}

const AGAIN: ReadonlySet<string> = new Set(['STATE_CONFLICT', 'SUCCESSION_BROKEN']);

/** Among many, one that was to be replaced or succeeded may have moved on between the look and the lock. */
function isTakenMeanwhile(error: unknown, count: number): boolean {
  return isDuplicate(error) || (count > 1 && error instanceof Fault && AGAIN.has(error.code));
}

async function acceptOnce(
  house: House,
  caller: Caller,
  items: readonly SealedItem[],
  files: readonly (readonly JudgedFile[] | Fault)[],
  remember: RememberAll<ChangedLicence> | undefined,
): Promise<readonly BulkOutcome<ChangedLicence>[]> {
  const judged = await compareSealed(house, caller, await judgeAll(house, caller, items, files));
  const good = judged.flatMap((one, index) => ('done' in one ? [{ index, ...one.done }] : []));
  if (good.length === 0) return judged.flatMap((one) => ('fault' in one ? [one] : []));
  const stored = await inLanes(good, STORING_AT_ONCE, ({ files: own }) => storeFiles(house, own));
  return withTransaction(house.db, async (tx) => {
    const rows = await storeSubmissions(
      house,
      tx,
      caller,
      good.map(({ accepted }) => accepted),
    );
    const issues = rows.map((licence, place) => ({
      ...{ licence, files: stored[place] ?? [], arrival: items[good[place]?.index ?? -1]?.arrival },
      comparisons: good[place]?.comparisons ?? [],
    }));
    const { turned, own } = await recordIssues(house, tx, caller, issues);
    await tellStep(house, tx, 'issued', rows);
    await putComparisons(
      house,
      tx,
      issues.map(({ licence, comparisons }) => ({ licenceId: licence.id, comparisons })),
    );
    const outcomes: BulkOutcome<ChangedLicence>[] = [];
    let next = 0;
    for (const one of judged) {
      const row = 'done' in one ? rows[next++] : undefined;
      if (row) outcomes.push({ done: changedLicence(row) });
      else if ('fault' in one) outcomes.push(one);
    }
    await remember?.(tx, doneOf(outcomes));
    await appendAudits(house, tx, houseCaller(caller.requestId), turned);
    await appendAudits(house, tx, caller, [...own, ...issues.flatMap(describeIssue)]);
    return outcomes;
  });
}

function describeIssue({ licence, files, comparisons }: Issue & Compared): AuditFacts[] {
  const { id: licenceId, caseNumber, identifier } = licence;
  const digests = files.map(({ format, digest }) => ({ format, digest }));
  const details = { sealedBy: 'issuer', identifier, files: digests };
  return [
    ...(comparisons.length > 0 ? [describeComparisons(comparisons, licenceId)] : []),
    { act: 'licence.issue', licenceId, caseNumber, details },
  ];
}

async function storeFiles(house: House, files: readonly JudgedFile[]): Promise<StoredFile[]> {
  return Promise.all(
    files.map(async ({ format, bytes, digest }) => ({
      ...{ format, digest: await house.blobs.put(bytes, digest), sizeBytes: bytes.length },
    })),
  );
}

interface GoodItem {
  readonly accepted: AcceptedSubmission;
  readonly files: readonly JudgedFile[];
}

async function judgeAll(
  house: House,
  caller: Caller,
  items: readonly SealedItem[],
  files: readonly (readonly JudgedFile[] | Fault)[],
): Promise<readonly BulkOutcome<GoodItem>[]> {
  const taken = await findTaken(house, items);
  const replaced = await findReplaced(house, items);
  const own = items.map(({ body, sealed, from }, index) => {
    const catalogueCode = (body as Partial<Submission> | null)?.catalogueCode ?? '';
    const issuingBody = caller.organisationCode ?? '';
    const faults = [
      ...checkIdentifier(sealed.identifier, { catalogueCode, issuingBody }, taken),
      ...checkIssuedOn(sealed.issuedOn, toShanghaiDate(house.clock())),
    ];
    const found = files[index] ?? [];
    const conflict = from.replaces === undefined ? undefined : replaced.get(from.replaces);
    return {
      found,
      conflict,
      faults: found instanceof Fault ? faults : [...faults, ...found.flatMap((file) => file.faults)],
    };
  });
  const judge = (index: number, submission: JudgedSubmission | undefined) =>
    judgeItem((): GoodItem => {
      const { found, conflict, faults } = own[index] ?? { found: [], faults: [], conflict: undefined };
      if (found instanceof Fault) throw found;
      const fault = submission && 'fault' in submission ? submission.fault : undefined;
      if (fault && fault.errors.length === 0) throw fault;
      throwFaults([...(fault?.errors ?? []), ...faults]);
      if (conflict) throw conflict;
      if (!submission || !('accepted' in submission)) throw new Fault('REQUEST_INVALID');
      const { accepted } = submission;
      return { accepted: { ...accepted, issue: composeFacts(house, accepted, items[index]?.sealed) }, files: found };
    });
  const submissions = await judgeSubmissions(house, caller, items);
  const judged = submissions.map((submission, index) => judge(index, submission));
  // A number is not taken by an item that is refused for its own sake: those after it are judged without it.
  const again = [...judged.keys()].filter(
    (index) => own[index]?.faults.length === 0 && own[index]?.conflict === undefined,
  );
  if (!judged.some(isDuplicateNumber) || again.length === items.length) return eachIdentifierOnce(judged);
  const alone = await judgeSubmissions(
    house,
    caller,
    again.flatMap((index) => items[index] ?? []),
  );
  const mended = new Map(again.map((index, place) => [index, judge(index, alone[place])]));
  return eachIdentifierOnce(judged.map((one, index) => mended.get(index) ?? one));
}

function eachIdentifierOnce(judged: readonly BulkOutcome<GoodItem>[]): BulkOutcome<GoodItem>[] {
  const seen = new Set<string>();
  return judged.map((one) => {
    const identifier = 'done' in one ? one.done.accepted.issue?.identifier : undefined;
    if (identifier === undefined) return one;
    const errors: PointedFault[] = [{ pointer: '/identifier', code: 'ALREADY_EXISTS' }];
    if (seen.has(identifier)) return { fault: new Fault('ALREADY_EXISTS', { errors }) };
    seen.add(identifier);
    return one;
  });
}

function isDuplicateNumber(outcome: BulkOutcome<unknown>): boolean {
  return 'fault' in outcome && outcome.fault.errors.some(({ code }) => code === 'LICENCE_NUMBER_DUPLICATE');
}

/** Identifiers that licences have already. */
async function findTaken(house: House, items: readonly SealedItem[]): Promise<ReadonlySet<string>> {
  const identifiers = [...new Set(items.map(({ sealed }) => canonicalIdentifier(sealed.identifier)))].filter(Boolean);
  if (identifiers.length === 0) return new Set();
  const rows = await readRows(house.db.rows.licences, {
    where: { identifier: { [Op.in]: identifiers } },
    attributes: ['identifier'],
  });
  return new Set(rows.map(({ identifier }) => identifier ?? ''));
}

/** Submissions that items replace and that no longer give way. */
async function findReplaced(house: House, items: readonly SealedItem[]): Promise<Map<string, Fault>> {
  const ids = items.flatMap(({ from }) => from.replaces ?? []);
  if (ids.length === 0) return new Map();
  const rows = await readRows(house.db.rows.licences, {
    where: { id: { [Op.in]: ids } },
    attributes: ['id', 'state'],
  });
  const fixed = rows.filter(({ state }) => state !== 'submitted' && state !== 'reviewed');
  return new Map(fixed.map(({ id, state }) => [id, new Fault('STATE_CONFLICT', { detail: state })]));
}

function composeFacts(house: House, { entry, submission }: AcceptedSubmission, sealed: SealedByIssuer | undefined) {
  const issuedOn = sealed?.issuedOn ?? '';
  return {
    identifier: canonicalIdentifier(sealed?.identifier ?? ''),
    verificationCode: toBase32(house.random(16)),
    issuedOn,
    ...composeValidity(entry, submission, issuedOn),
  };
}
