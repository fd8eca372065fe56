/** What licences by commitment go through, as their steps are recorded: when one ends nothing is owed any more, and when one is annulled
 *  (撤销) every body of the next step is told in the same transaction, whether it subscribes or not (R-26, K-14, K-15). */
import { Op } from 'sequelize';
import type { Caller, House } from '../house.ts';
import { groupBy } from '../kernel/group-by.ts';
import type { LicenceColumns } from '../licence/rows.ts';
import type { LicenceStatus } from '../licence/states.ts';
import { tellRecipients } from '../notice/index.ts';
import { readRows } from '../store/bulk-read.ts';
import { insertRows, putRows } from '../store/bulk-write.ts';
import type { Tx } from '../store/with-transaction.ts';
import type { CommitmentColumns, CommitmentStepColumns } from './rows.ts';

interface Step {
  readonly licence: LicenceColumns;
  readonly act: string;
  readonly toStatus: LicenceStatus;
  readonly reason: string | null;
}

/** After these nothing can arrive. Past its validity a licence may still be annulled for what was promised with it. */
const ENDED: readonly LicenceStatus[] = ['cancelled', 'revoked', 'annulled', 'voided', 'repealed', 'superseded'];

export async function followCommitments(house: House, tx: Tx, caller: Caller, steps: readonly Step[]): Promise<void> {
  // A new version may owe what was promised with its former, whatever stands on its own face.
  const ended = steps.filter(
    ({ licence, toStatus }) => (licence.commitment || licence.predecessorId !== null) && ENDED.includes(toStatus),
  );
  if (ended.length === 0) return;
  const ids = ended.map(({ licence }) => licence.id);
  const before = await readRows(house.db.rows.commitments, { where: { id: { [Op.in]: ids } }, tx });
  const known = new Map(before.map((row) => [row.id, row]));
  const promised = ended.filter(({ licence }) => licence.commitment || known.has(licence.id));
  const newest = [...new Map(promised.map((step) => [step.licence.id, step])).values()];
  const next = await findNextSteps(house, tx, newest);
  // An annulment is kept even where nothing had been entered: who was told must be seen.
  const kept = newest.filter(({ licence, act }) => act === 'annul' || known.has(licence.id));
  const rows = kept.map((step) => composeEnded(house, step, known.get(step.licence.id), next));
  await putRows(house.db, tx, house.db.rows.commitments, 'id', rows);
  await insertRows(
    house.db,
    tx,
    house.db.rows.commitmentSteps,
    kept.map((step) => composeStep(house, caller, step, next)),
  );
  await tellRecipients(
    house,
    tx,
    newest.filter(({ act }) => act === 'annul').flatMap((step) => composeNotices(house, step, next)),
  );
}

/** Bodies by catalogue code; those that are told of every type under `*`. */
type NextSteps = ReadonlyMap<string, readonly string[]>;

async function findNextSteps(house: House, tx: Tx, steps: readonly Step[]): Promise<NextSteps> {
  const codes = new Set(steps.flatMap(({ act, licence }) => (act === 'annul' ? [licence.catalogueCode] : [])));
  if (codes.size === 0) return new Map();
  const grants = await readRows(house.db.rows.changeGrants, {
    where: { nextStep: true, catalogueCode: { [Op.in]: [...codes, '*'] } },
    order: [['id', 'ASC']],
    tx,
  });
  const grouped = groupBy(grants, ({ catalogueCode }) => catalogueCode);
  return new Map([...grouped].map(([code, own]) => [code, own.map(({ organisationCode }) => organisationCode)]));
}

function bodiesOf({ licence, act }: Step, next: NextSteps): string[] {
  if (act !== 'annul') return [];
  return [...new Set([...(next.get(licence.catalogueCode) ?? []), ...(next.get('*') ?? [])])];
}

function composeEnded(
  house: House,
  step: Step,
  before: CommitmentColumns | undefined,
  next: NextSteps,
): CommitmentColumns {
  const { id, issuingBody, catalogueCode } = step.licence;
  const now = house.clock();
  return {
    ...{ id, issuingBody, catalogueCode, state: step.act === 'annul' ? 'annulled' : 'ended' },
    ...{ dueOn: null, nextOn: null, rectifyBy: null, toldBodies: bodiesOf(step, next), endedAt: now },
    createdAt: before?.createdAt ?? now,
  };
}

function composeStep(house: House, caller: Caller, step: Step, next: NextSteps): CommitmentStepColumns {
  const { licence, act, reason } = step;
  const details = { act, reason, told: bodiesOf(step, next) };
  return { id: house.newId(), licenceId: licence.id, act: 'end', actor: caller.id, details, at: house.clock() };
}

function composeNotices(house: House, step: Step, next: NextSteps) {
  const { id, identifier, catalogueCode, issuingBody, sequence } = step.licence;
  const facts = { identifier: identifier ?? '', catalogueCode, issuingBody, annulledAt: house.clock().toISOString() };
  return bodiesOf(step, next).map((body) => ({
    ...{
      to: `body:${body}` as const,
      kind: 'commitment.annulled' as const,
      subjectId: id,
      stage: String(sequence),
      facts,
    },
  }));
}
