/** Least privilege on MySQL: the repository reads everything and writes receipts and claims only; the department writes rows
 *  and reads answers, and cannot touch a receipt. Nobody here may delete, alter or drop. */
import type { GrantAccounts } from '../profile.ts';
import { requireAccounts } from '../require-accounts.ts';
import { departmentColumns, FRONT_END_TABLES, repositoryColumns } from './tables.ts';

/** Throws `RangeError` when an account is not written as `'name'@'host'`, or the database's name holds a back-quote. */
export function grantStatements(database: string, accounts: GrantAccounts): string[] {
  requireAccounts(database, accounts);
  return FRONT_END_TABLES.flatMap((table) => {
    const on = `ON \`${database}\`.\`${table}\``;
    return [
      `GRANT SELECT, UPDATE (${repositoryColumns(table).join(', ')}) ${on} TO ${accounts.repository}`,
      `GRANT SELECT, INSERT (${departmentColumns(table).join(', ')}) ${on} TO ${accounts.department}`,
    ];
  });
}
