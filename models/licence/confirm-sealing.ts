/** Transaction 2 of issuing: licence, files, change record, log entry, outbox and answer; together or not at all. */
import { appendAudits } from '../audit/append-audit.ts';
import { type Caller, type House, houseCaller, type Remember } from '../house.ts';
import { toShanghaiDate } from '../kernel/clock.ts';
import { Fault } from '../kernel/fault.ts';
import { closeSealUse } from '../seal/seal-use.ts';
import { reachPoint } from '../sealing/sealing-point.ts';
import { type Tx, withTransaction } from '../store/with-transaction.ts';
import type { IssueFacts } from './compose-sealing-task.ts';
import type { IssueEntries } from './conclude-successions.ts';
import { holdWithFormers } from './lock-licences.ts';
import { recordIssues, type StoredFile } from './record-issues.ts';
import { withStatus } from './record-steps.ts';
import type { LicenceColumns } from './rows.ts';
import { statusOn } from './states.ts';
import { tellStep } from './tell-step.ts';
import { type LicenceView, viewLicence } from './view-licence.ts';

export async function confirmSealing(
  house: House,
  caller: Caller,
  licence: LicenceColumns,
  intentId: string,
  facts: IssueFacts,
  files: readonly StoredFile[],
  holderIndexes: readonly string[],
  remember: Remember<LicenceView> | undefined,
): Promise<LicenceView> {
  return withTransaction(house.db, async (tx) => {
    const { intents, licences } = house.db.rows;
    const ended = { state: 'finished' as const, endedAt: house.clock() };
    const [mine] = await intents.update(ended, { where: { id: intentId, state: 'intended' }, transaction: tx });
    // Voided meanwhile by the sweep: these signatures are accounted for as void and must not come into the world.
    if (mine !== 1) throw new Fault('STATE_CONFLICT');
    await closeSealUse(house, tx, { subject: 'licence', subjectId: intentId }, 'done');
    // The formers first, as all who hold several do.
    if (licence.predecessorId !== null) await holdWithFormers(house, tx, [licence.predecessorId]);
    const row = await licences.findByPk(licence.id, { transaction: tx, lock: true });
    if (row?.state !== 'sealing') throw new Fault('STATE_CONFLICT');
    const { issued, entries } = await recordIssue(house, tx, caller, row.get(), facts, files);
    const details = {
      intentId,
      identifier: facts.identifier,
      files: files.map(({ format, digest }) => ({ format, digest })),
    };
    await tellStep(house, tx, 'issued', [issued]);
    const view = await viewLicence(house, issued, tx);
    await remember?.(tx, view);
    // Last of all: whoever writes the log holds its head until the commit, and all others wait for it.
    await appendAudits(house, tx, houseCaller(caller.requestId), entries.turned);
    const concerned = { licenceId: licence.id, holderIndexes, caseNumber: licence.caseNumber };
    await appendAudits(house, tx, caller, [...entries.own, { act: 'licence.issue', ...concerned, details }]);
    reachPoint('confirming', facts.identifier);
    return view;
  });
}

async function recordIssue(
  house: House,
  tx: Tx,
  caller: Caller,
  licence: LicenceColumns,
  facts: IssueFacts,
  files: readonly StoredFile[],
): Promise<{ readonly issued: LicenceColumns; readonly entries: IssueEntries }> {
  const now = house.clock();
  const status = statusOn({ ...facts, status: 'valid' }, toShanghaiDate(now)) ?? 'valid';
  const row = { ...withStatus({ ...licence, ...facts }, status, now), state: 'issued' as const };
  await house.db.rows.licences.update(row, { where: { id: licence.id }, transaction: tx });
  const entries = await recordIssues(house, tx, caller, [{ licence: row, files }]);
  return { issued: row, entries };
}
