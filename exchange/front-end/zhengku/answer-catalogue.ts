/** The province's code of an entry (目录代码), in the newest accepted row of its entry: in the column, where the table has it, and
 *  always in the receipt. */
import { columnList } from '../column-text.ts';
import { type SqlStatement, toInstantText } from '../connection.ts';
import { groupBy } from '../group-by.ts';
import type { CatalogueAnswer, MachinePass } from '../profile.ts';
import { RECEIPTS } from '../receipts.ts';
import { hasColumn } from './init-tables.ts';
import { readRow } from './read-row.ts';
import { ROW_STATES } from './tables.ts';

const PAGE = 50;

export async function answerCatalogue(pass: MachinePass, answers: readonly CatalogueAnswer[]): Promise<void> {
  const { connection, house } = pass;
  const rowOf = await findRows(pass, new Set(answers.map(({ code }) => code)));
  const column = (await hasColumn(connection, 'zk_catalogue', 'provincial_code')) ? ', provincial_code = ?' : '';
  const at = toInstantText(connection.dialect, house.clock());
  const statements = answers.flatMap(({ code, provincialCode }): SqlStatement[] => {
    const rowId = rowOf.get(code);
    if (rowId === undefined) return [];
    const text = `${RECEIPTS.ACCEPTED.zh}；省级目录代码 ${provincialCode}`;
    return [
      [
        `UPDATE zk_catalogue SET receipt_text = ?, receipt_at = ?${column} WHERE row_id = ? AND state = ${ROW_STATES.accepted}`,
        [text, at, ...(column ? [provincialCode] : []), rowId],
      ],
    ];
  });
  if (statements.length > 0) await connection.transaction(statements);
}

/** The newest accepted row of each entry, by the entry's code. */
async function findRows(pass: MachinePass, codes: ReadonlySet<string>): Promise<Map<string, number>> {
  const { connection, machine } = pass;
  const list = columnList(connection.dialect, ['business_key', 'revision', 'operation', 'definition']);
  const found = new Map<string, { revision: number; rowId: number }>();
  for (let after = 0; ; ) {
    const rows = await connection.query(
      `SELECT row_id, ${list} FROM zk_catalogue WHERE state = ${ROW_STATES.accepted} AND row_id > ? ORDER BY row_id LIMIT ${PAGE}`,
      [after],
    );
    const read = rows.map((row) => readRow(machine.name, 'zk_catalogue', row));
    for (const [code, some] of groupBy(read, ({ body }) => String(body.code ?? ''))) {
      for (const { revision, rowId } of codes.has(code) ? some : []) {
        if (revision >= (found.get(code)?.revision ?? 0)) found.set(code, { revision, rowId: Number(rowId) });
      }
    }
    if (rows.length < PAGE) return new Map([...found].map(([code, { rowId }]) => [code, rowId]));
    after = Number(rows.at(-1)?.row_id);
  }
}
