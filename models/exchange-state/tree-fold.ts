/** Fold what was marked into the book and its tree. Every minute, and before a comparison; what it costs follows from what
 *  was marked, and an unchanged million costs one look. */
import { Op } from 'sequelize';
import { placeOf } from '../digest-tree/tree-shape.ts';
import { SQL_TREE } from '../digest-tree/tree-store.ts';
import { rebuildTree, type TreePlan, type TreeRows, updateTree } from '../digest-tree/tree-upkeep.ts';
import type { House } from '../house.ts';
import { readRows } from '../store/bulk-read.ts';
import type { Database } from '../store/database.ts';
import { type Tx, withTransaction } from '../store/with-transaction.ts';
import type { TreeMarkColumns } from './tree-rows.ts';

const MARKS_AT_ONCE = 5000;

/** @param signal aborted: what is left is for the next time
 *  @returns how often anything has been folded in by now */
export async function foldTree(house: House, signal?: AbortSignal): Promise<number> {
  const { treeMarks, treeState } = house.db.rows;
  while (!signal?.aborted) {
    if ((await readRows(treeMarks, { where: {}, limit: 1, attributes: ['id'] })).length === 0) break;
    await withTransaction(house.db, async (tx) => {
      // One folds at a time; who marks waits for nobody.
      const [state] = await readRows(treeState, { where: { id: 1 }, tx, lock: true });
      const marks = await readRows(treeMarks, { where: {}, order: [['id', 'ASC']], limit: MARKS_AT_ONCE, tx });
      if (marks.length === 0) return;
      const fold = (state?.folds ?? 0) + 1;
      const named = await nameSubjects(house, tx, marks);
      await runTree(house.db, foldMarks(named, fold), tx);
      await treeState.update({ folds: fold }, { where: { id: 1 }, transaction: tx });
      await treeMarks.destroy({ where: { id: { [Op.in]: marks.map(({ id }) => id) } }, transaction: tx });
    });
  }
  const [state] = await readRows(treeState, { where: { id: 1 } });
  return state?.folds ?? 0;
}

/** By what the province calls it: a licence by its identifier. */
async function nameSubjects(house: House, tx: Tx, marks: readonly TreeMarkColumns[]): Promise<NamedMark[]> {
  const ids = marks.flatMap((mark) =>
    mark.subject === null && mark.subjectType === 'licence' ? [mark.subjectId] : [],
  );
  const where = { id: { [Op.in]: [...new Set(ids)] } };
  const rows = await readRows(house.db.rows.licences, { where, attributes: ['id', 'identifier'], tx });
  const identifiers = new Map(rows.map(({ id, identifier }) => [id, identifier]));
  return marks.flatMap((mark) => {
    const name = mark.subjectType === 'licence' ? identifiers.get(mark.subjectId) : mark.subjectId;
    const subject = mark.subject ?? (name && `${mark.subjectType}:${name}`);
    return subject ? [{ ...mark, subject }] : [];
  });
}

type NamedMark = TreeMarkColumns & { readonly subject: string };

function* foldMarks(marks: readonly NamedMark[], fold: number): TreePlan<void> {
  const newest = [...new Map(marks.map((mark) => [mark.subject, mark])).values()];
  const confirmed = newest.flatMap(({ subject, subjectType, subjectId, sequence, digest }) =>
    sequence === null || digest === null ? [] : [{ subject, subjectType, subjectId, sequence, digest, fold }],
  );
  yield* SQL_TREE.putRecords(confirmed);
  yield* SQL_TREE.removeRecords(newest.flatMap(({ subject, digest }) => (digest === null ? [subject] : [])));
  yield* updateTree(
    SQL_TREE,
    newest.map(({ subject }) => placeOf(subject)),
  );
}

/** Grow the city's tree again from its book. */
export async function rebuildCityTree(house: House): Promise<void> {
  await withTransaction(house.db, async (tx) => {
    await readRows(house.db.rows.treeState, { where: { id: 1 }, tx, lock: true });
    await runTree(house.db, rebuildTree(SQL_TREE), tx);
  });
}

/** Run a plan over the city's book and tree; what only reads may go without a transaction. */
export async function runTree<T>({ sequelize }: Database, plan: TreePlan<T>, tx?: Tx): Promise<T> {
  let step = plan.next();
  while (!step.done) {
    const { sql, values } = step.value;
    const [rows] = await sequelize.query(sql, { replacements: [...values], ...(tx ? { transaction: tx } : {}) });
    step = plan.next(Array.isArray(rows) ? (rows as TreeRows) : []);
  }
  return step.value;
}
