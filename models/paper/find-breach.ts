/** What the bureau held to be a breach of 第十六条 becomes a finding of supervision, once, and the body is told. */
import type { House } from '../house.ts';
import { startOfShanghaiDate } from '../kernel/clock.ts';
import { tellRecipients } from '../notice/index.ts';
import { insertRows } from '../store/bulk-write.ts';
import type { Tx } from '../store/with-transaction.ts';
import { FINDING_KINDS } from '../supervision/finding-words.ts';
import type { FindingColumns } from '../supervision/rows.ts';

interface Breach {
  /** Its address below `/api/v1/`. */
  readonly address: `paper-requests/${string}` | `paper-reports/${string}`;
  readonly organisationCode: string;
  /** As people call it. */
  readonly subject: string;
  readonly catalogueCode: string;
  /** A day (YYYY-MM-DD), or the instant where it is known. */
  readonly since: string | Date;
}

/** It happened and is over: it is known from now. */
export async function findBreach(
  house: House,
  tx: Tx,
  { address, organisationCode, subject, catalogueCode, since }: Breach,
): Promise<void> {
  const now = house.clock();
  const finding: FindingColumns = {
    ...{ id: house.newId(), onceKey: `paper-asked:${address}`, kind: 'paper-asked', organisationCode },
    ...{ subjectId: address, subject, catalogueCode, article: FINDING_KINDS['paper-asked'].article, clock: false },
    ...{ since: typeof since === 'string' ? startOfShanghaiDate(since) : since, knownAt: now },
    ...{ closedAt: now, endedBy: 'event', orderId: null },
  };
  await insertRows(house.db, tx, house.db.rows.findings, [finding]);
  const facts = { findingId: finding.id, subject, catalogueCode };
  const to = `body:${organisationCode}` as const;
  await tellRecipients(house, tx, [{ to, kind: 'paper.found', subjectId: finding.id, stage: 'found', facts }]);
}
