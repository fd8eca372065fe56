/** Least privilege on MySQL: the repository reads everything and writes receipts and claims only; the department writes rows
 *  and reads answers, and cannot touch a receipt. Nobody here may delete, alter or drop. */
import type { GrantAccounts } from '../profile.ts';
import { departmentColumns, FRONT_END_TABLES, repositoryColumns } from './tables.ts';

const ACCOUNT = /^'[^'\\\p{C}]{1,80}'@'[^'\\\p{C}]{1,255}'$/u;

/** Throws `RangeError` when an account is not written as `'name'@'host'`, or the database's name holds a back-quote. */
export function grantStatements(database: string, accounts: GrantAccounts): string[] {
  for (const account of [accounts.repository, accounts.department]) {
    if (!ACCOUNT.test(account)) throw new RangeError(`an account is written as 'name'@'host': ${account}`);
  }
  if (!/^[^`\p{C}]{1,64}$/u.test(database)) throw new RangeError('the name of the database');
  return FRONT_END_TABLES.flatMap((table) => {
    const on = `ON \`${database}\`.\`${table}\``;
    return [
      `GRANT SELECT, UPDATE (${repositoryColumns(table).join(', ')}) ${on} TO ${accounts.repository}`,
      `GRANT SELECT, INSERT (${departmentColumns(table).join(', ')}) ${on} TO ${accounts.department}`,
    ];
  });
}
