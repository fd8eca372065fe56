/** Move an analysis along its course: who, when and why are kept with it. */
import type { Caller, House } from '../house.ts';
import { Fault } from '../kernel/fault.ts';
import { type Notice, type NoticeKind, tellRecipients } from '../notice/index.ts';
import { readRows } from '../store/bulk-read.ts';
import type { Tx } from '../store/with-transaction.ts';
import type { AnalysisColumns, AnalysisMove, AnalysisState } from './rows.ts';

/** The row, held until the transaction ends. Throws `NOT_FOUND`. */
export async function lockAnalysis(house: House, tx: Tx, number: string): Promise<AnalysisColumns> {
  const options = { where: { number }, tx, lock: true, by: 'analyses_number' };
  const [row] = await readRows(house.db.rows.analyses, options);
  if (!row) throw new Fault('NOT_FOUND');
  return row;
}

/** Throws `STATE_CONFLICT` with the state in which it is. */
export function requireState({ state }: Pick<AnalysisColumns, 'state'>, ...allowed: readonly AnalysisState[]): void {
  if (!allowed.includes(state)) throw new Fault('STATE_CONFLICT', { detail: state });
}

export function withMove(
  { moves }: Pick<AnalysisColumns, 'moves'>,
  caller: Pick<Caller, 'id'>,
  state: AnalysisState,
  at: Date,
  reason: string | null = null,
): { readonly state: AnalysisState; readonly moves: readonly AnalysisMove[] } {
  return { state, moves: [...moves, { state, at: at.toISOString(), by: caller.id, reason }] };
}

/** Write what is new and give the row as it is then. */
export async function changeAnalysis(
  house: House,
  tx: Tx,
  row: AnalysisColumns,
  changes: Partial<AnalysisColumns>,
): Promise<AnalysisColumns> {
  await house.db.rows.analyses.update(changes, { where: { id: row.id }, transaction: tx });
  return { ...row, ...changes };
}

type AnalysisNotice = Extract<NoticeKind, `analysis.${string}`>;

/** Tell the applicant's body, or of a new application the bureau. */
export async function tellOfAnalysis(
  house: House,
  tx: Tx,
  kind: AnalysisNotice,
  { number, organisationCode, state }: Pick<AnalysisColumns, 'number' | 'organisationCode' | 'state'>,
): Promise<void> {
  const to: Notice['to'] = kind === 'analysis.filed' ? 'bureau' : `body:${organisationCode}`;
  const facts = { number, organisationCode, state };
  await tellRecipients(house, tx, [{ to, kind, subjectId: number, stage: state, facts }]);
}
