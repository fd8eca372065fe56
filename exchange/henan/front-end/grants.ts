/** Least privilege on MySQL: the repository reads the department's rows and marks them as moved, writes receipts and the province's
 *  codes; the department writes its rows and reads answers. Nobody here may delete, alter or drop. */
import type { GrantAccounts } from '../../front-end/profile.ts';
import { requireAccounts } from '../../front-end/require-accounts.ts';
import { COMPANION } from '../tables.ts';

const MARKS = 'UPDATE (sync_state, sync_date)';

export function grantStatements(database: string, accounts: GrantAccounts): string[] {
  requireAccounts(database, accounts);
  const { repository, department } = accounts;
  const grant = (what: string, table: string, account: string) =>
    `GRANT ${what} ON \`${database}\`.\`${table}\` TO ${account}`;
  return [
    ...['hn_catalog_sync', 'hn_license_sync'].flatMap((table) => [
      grant(`SELECT, ${MARKS}`, table, repository),
      grant('SELECT, INSERT, UPDATE', table, department),
    ]),
    grant('SELECT, INSERT, UPDATE', 'hn_catalog_release', repository),
    grant(`SELECT, ${MARKS}`, 'hn_catalog_release', department),
    grant('SELECT, INSERT, UPDATE', COMPANION, repository),
    grant('SELECT', COMPANION, department),
  ];
}
