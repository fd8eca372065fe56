/** Names that go into GRANT statements as they are. */
import type { GrantAccounts } from './profile.ts';

const ACCOUNT = /^'[^'\\\p{C}]{1,80}'@'[^'\\\p{C}]{1,255}'$/u;

/** Throws `RangeError` when an account is not written as `'name'@'host'`, or the database's name holds a back-quote. */
export function requireAccounts(database: string, { repository, department }: GrantAccounts): void {
  for (const account of [repository, department]) {
    if (!ACCOUNT.test(account)) throw new RangeError(`an account is written as 'name'@'host': ${account}`);
  }
  if (!/^[^`\p{C}]{1,64}$/u.test(database)) throw new RangeError('the name of the database');
}
