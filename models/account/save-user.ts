/** Add a person who signs in, or change their roles. Administrators cannot hold business roles. */
import { z } from 'zod';
import type { Caller, House, Remember } from '../house.ts';
import { Fault, type PointedFault, throwFaults } from '../kernel/fault.ts';
import { isDuplicate, withTransaction } from '../store/with-transaction.ts';
import { hashPassword } from './hash-password.ts';
import { requireRole } from './require-role.ts';
import { ROLES, type Role } from './roles.ts';
import { storeUser, type UserView } from './store-user.ts';

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

export async function saveUser(
  house: House,
  caller: Caller,
  input: UserInput,
  remember?: Remember<UserView>,
): Promise<UserView> {
  requireRole(caller, 'admin.security');
  throwFaults(checkUser(input));
  if (input.organisationCode && !(await house.db.rows.organisations.findByPk(input.organisationCode))) {
    throwFaults([{ pointer: '/organisationCode', code: 'NOT_FOUND' }]);
  }
  const passwordHash = await hashPassword(input.password);
  try {
    return await withTransaction(house.db, async (tx) => {
      const view = await storeUser(house, tx, caller, input, passwordHash);
      await remember?.(tx, view);
      return view;
    });
  } catch (error) {
    throw isDuplicate(error) ? duplicateLoginName() : error;
  }
}

export function duplicateLoginName(): Fault {
  return new Fault('ALREADY_EXISTS', { errors: [{ pointer: '/loginName', code: 'ALREADY_EXISTS' }] });
}

const isAdministrator = (role: Role) => role.startsWith('admin.') || role === 'auditor';

/** The three administrators are separate from each other and from business; who acts for a body names it. */
export function checkUser({ roles, organisationCode }: Omit<UserInput, 'password'>): readonly PointedFault[] {
  const faults: PointedFault[] = [];
  const administrator = roles.filter(isAdministrator);
  const business = roles.length - administrator.length;
  if (administrator.length > 1 || (administrator.length === 1 && business > 0)) {
    faults.push({ pointer: '/roles', code: 'FORBIDDEN', detail: 'administrator roles are separate' });
  }
  const bound = roles.some((role) => role.startsWith('issuer.') || role.startsWith('consumer.'));
  if (bound && !organisationCode) faults.push({ pointer: '/organisationCode', code: 'FIELD_REQUIRED' });
  return faults;
}
