/** Write a new person who signs in, in a given transaction. */
import { appendAudit } from '../audit/append-audit.ts';
import type { Caller, House } from '../house.ts';
import type { Tx } from '../store/with-transaction.ts';
import type { UserColumns } from './rows.ts';
import type { UserInput } from './save-user.ts';

export type UserView = Pick<UserColumns, 'id' | 'loginName' | 'displayName' | 'organisationCode' | 'roles' | 'state'>;

export async function storeUser(
  house: House,
  tx: Tx,
  caller: Caller,
  input: Omit<UserInput, 'password'>,
  passwordHash: string,
): Promise<UserView> {
  const row: UserColumns = {
    id: house.newId(),
    loginName: input.loginName,
    displayName: input.displayName,
    organisationCode: input.organisationCode ?? null,
    roles: input.roles,
    holderId: input.holderId ?? null,
    passwordHash,
    state: 'active',
    failedLogins: 0,
    lockedUntil: null,
    createdAt: house.clock(),
  };
  await house.db.rows.users.create(row, { transaction: tx });
  await appendAudit(house, tx, caller, { act: 'account.manage', details: { userId: row.id, roles: row.roles } });
  return toUserView(row);
}

export function toUserView({ id, loginName, displayName, organisationCode, roles, state }: UserColumns): UserView {
  return { id, loginName, displayName, organisationCode, roles, state };
}
