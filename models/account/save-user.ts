/** Add a person who signs in, or change their roles. Administrators cannot hold business roles. */
import { z } from 'zod';
import { appendAudit } from '../audit/append-audit.ts';
import type { Caller, House, Remember } from '../house.ts';
import { Fault, throwFaults } from '../kernel/fault.ts';
import { isDuplicate, withTransaction } from '../store/with-transaction.ts';
import { hashPassword } from './hash-password.ts';
import { requireRole } from './require-role.ts';
import { ROLES, type Role } from './roles.ts';
import type { UserColumns } from './rows.ts';

/** At least 10 characters of at least three kinds. */
export const passwordSchema = z
  .string()
  .min(10)
  .max(200)
  .refine((text) => [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z\d]/].filter((kind) => kind.test(text)).length >= 3, {
    message: 'at least three of: small letters, capital letters, digits, other characters',
  });

export const userSchema = z.strictObject({
  loginName: z.string().regex(/^[a-z][a-z0-9._-]{2,59}$/),
  displayName: z.string().min(1).max(60),
  organisationCode: z.string().length(18).optional(),
  password: passwordSchema,
  roles: z.array(z.enum(ROLES)).min(1).max(ROLES.length),
  holderId: z.string().max(64).optional(),
});
export type UserInput = z.infer<typeof userSchema>;

export type UserView = Pick<UserColumns, 'id' | 'loginName' | 'displayName' | 'organisationCode' | 'roles' | 'state'>;

export async function saveUser(
  house: House,
  caller: Caller,
  input: UserInput,
  remember?: Remember<UserView>,
): Promise<UserView> {
  requireRole(caller, 'admin.security');
  checkRoles(input);
  const { organisations, users } = house.db.rows;
  if (input.organisationCode && !(await organisations.findByPk(input.organisationCode))) {
    throwFaults([{ pointer: '/organisationCode', code: 'NOT_FOUND' }]);
  }
  const { password, ...rest } = input;
  const row: UserColumns = {
    ...rest,
    id: house.newId(),
    organisationCode: input.organisationCode ?? null,
    holderId: input.holderId ?? null,
    passwordHash: await hashPassword(password),
    state: 'active',
    failedLogins: 0,
    lockedUntil: null,
    createdAt: house.clock(),
  };
  const { id, loginName, displayName, organisationCode, roles, state } = row;
  const view: UserView = { id, loginName, displayName, organisationCode, roles, state };
  try {
    await withTransaction(house.db, async (tx) => {
      await users.create(row, { transaction: tx });
      await appendAudit(house, tx, caller, { act: 'account.manage', details: { userId: row.id, roles: row.roles } });
      await remember?.(tx, view);
    });
  } catch (error) {
    throw isDuplicate(error)
      ? new Fault('ALREADY_EXISTS', { errors: [{ pointer: '/loginName', code: 'ALREADY_EXISTS' }] })
      : error;
  }
  return view;
}

const isAdministrator = (role: Role) => role.startsWith('admin.') || role === 'auditor';

/** The three administrators are separate from each other and from business. */
function checkRoles({ roles, organisationCode }: UserInput): void {
  const administrator = roles.filter(isAdministrator);
  const business = roles.length - administrator.length;
  if (administrator.length > 1 || (administrator.length === 1 && business > 0)) {
    throwFaults([{ pointer: '/roles', code: 'FORBIDDEN', detail: 'administrator roles are separate' }]);
  }
  const bound = roles.some((role) => role.startsWith('issuer.') || role.startsWith('consumer.'));
  if (bound && !organisationCode) throwFaults([{ pointer: '/organisationCode', code: 'FIELD_REQUIRED' }]);
}
