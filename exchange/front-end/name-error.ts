/** What stood in the way, in words without content of rows: a message may quote values; code and name do not. */
import { Fault } from '../../models/kernel/fault.ts';

export function nameError(error: unknown): string {
  if (error instanceof Fault) return error.detail ? `${error.code}: ${error.detail}` : error.code;
  const { code, name } = error as { code?: unknown; name?: unknown };
  return typeof code === 'string' ? code : String(name ?? 'Error');
}

/** Messages of these quote the table and the column only. */
const ALTERED: readonly unknown[] = ['ER_BAD_FIELD_ERROR', 'ER_NO_SUCH_TABLE', 'ER_BAD_TABLE_ERROR'];
const ALTERED_SQLITE = /no such (?:column|table): \S+/;

/** A table or a column of the contract is not there any more: said in those words, so that the department can mend it. */
export function alteredFault(table: string, error: unknown): Fault | undefined {
  const { code, message } = error as { code?: unknown; message?: unknown };
  const words = String(message ?? '');
  const sqlite = ALTERED_SQLITE.exec(words)?.[0];
  if (!ALTERED.includes(code) && !sqlite) return undefined;
  return new Fault('FRONT_END_ALTERED', { detail: `${table}: ${sqlite ?? words}`.slice(0, 300), cause: error });
}
