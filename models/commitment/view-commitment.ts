/** What is told of a commitment. */
import type { House } from '../house.ts';
import { toShanghaiDate } from '../kernel/clock.ts';
import { groupBy } from '../kernel/group-by.ts';
import { readRows } from '../store/bulk-read.ts';
import type { Tx } from '../store/with-transaction.ts';
import { type ArrivedBefore, arrivedBeforeOf } from './arrived-before.ts';
import { type CommitmentStage, stageOf } from './promise-times.ts';
import type { CommitmentColumns, CommitmentItemColumns, CommitmentStepColumns } from './rows.ts';

export interface CommitmentView
  extends Pick<CommitmentColumns, 'issuingBody' | 'catalogueCode' | 'state' | 'dueOn' | 'rectifyBy'> {
  readonly licenceId: string;
  /** Of an open one. */
  readonly stage: CommitmentStage | null;
  readonly endedAt: string | null;
  readonly items: readonly {
    readonly item: number;
    readonly name: string;
    readonly dueOn: string;
    readonly arrivedAt: string | null;
    readonly late: boolean;
    readonly sm3: string | null;
    readonly note: string | null;
  }[];
  /** With former versions of the licence. */
  readonly arrivedBefore: readonly ArrivedBefore[];
  readonly steps: readonly {
    readonly act: CommitmentStepColumns['act'];
    readonly actor: string;
    readonly at: string;
    readonly details: Readonly<Record<string, unknown>>;
  }[];
}

/** Many at once, in their order. */
export async function viewCommitments(
  house: House,
  rows: readonly CommitmentColumns[],
  tx?: Tx,
): Promise<CommitmentView[]> {
  const { commitmentItems, commitmentSteps } = house.db.rows;
  if (rows.length === 0) return [];
  const where = { licenceId: rows.map(({ id }) => id) };
  const items = await readRows(commitmentItems, { where, order: [['place', 'ASC']], tx });
  const steps = await readRows(commitmentSteps, { where, order: [['id', 'ASC']], tx });
  const itemsOf = groupBy(items, ({ licenceId }) => licenceId);
  const stepsOf = groupBy(steps, ({ licenceId }) => licenceId);
  const today = toShanghaiDate(house.clock());
  return rows.map(({ id, issuingBody, catalogueCode, state, dueOn, rectifyBy, endedAt }) => ({
    ...{ licenceId: id, issuingBody, catalogueCode, state, dueOn, rectifyBy },
    stage: dueOn === null ? null : stageOf(dueOn, today),
    endedAt: endedAt?.toISOString() ?? null,
    items: (itemsOf.get(id) ?? []).map((item) => viewItem(item, today)),
    arrivedBefore: arrivedBeforeOf(stepsOf.get(id) ?? []),
    steps: (stepsOf.get(id) ?? []).map(({ act, actor, at, details }) => ({
      ...{ act, actor, at: at.toISOString(), details },
    })),
  }));
}

function viewItem({ place, name, dueOn, arrivedAt, digest, note }: CommitmentItemColumns, today: string) {
  const until = arrivedAt === null ? today : toShanghaiDate(arrivedAt);
  const common = { item: place, name, dueOn, late: until > dueOn, sm3: digest, note };
  return { ...common, arrivedAt: arrivedAt?.toISOString() ?? null };
}
