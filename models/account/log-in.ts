/** Sign a person in: password, lock-out after repeated failures, a session whose token is stored only as a digest. */
import { z } from 'zod';
import { appendAudit, noteLogged } from '../audit/append-audit.ts';
import type { Caller, House } from '../house.ts';
import { sm3Hex } from '../kernel/digest.ts';
import { Fault } from '../kernel/fault.ts';
import { toBase32 } from '../kernel/ids.ts';
import { type Tx, withTransaction } from '../store/with-transaction.ts';
import { countUnknownName, isUnknownNameLocked } from './count-unknown-name.ts';
import { isLocked, withFailure } from './failure-count.ts';
import { hashPassword, passwordHolds } from './hash-password.ts';
import type { UserColumns } from './rows.ts';

const SESSION_HOURS = 8;

export const loginSchema = z.strictObject({ name: z.string().min(1).max(60), password: z.string().min(1).max(200) });

export interface Session {
  readonly token: string;
  readonly csrfToken: string;
  readonly expiresAt: Date;
  readonly user: Pick<UserColumns, 'id' | 'loginName' | 'displayName' | 'roles' | 'organisationCode'>;
}

/** Throws `LOGIN_FAILED` (the same for an unknown name and a wrong password) and `LOGIN_LOCKED`. */
export async function logIn(house: House, caller: Caller, input: z.infer<typeof loginSchema>): Promise<Session> {
  const user = await house.db.rows.users.findOne({ where: { loginName: input.name } });
  const now = house.clock();
  const locked = user ? isLocked(user, now) : isUnknownNameLocked(house, input.name, now);
  // An unknown name costs the same time as a wrong password; a lock costs none.
  const holds = !locked && (await judgePassword(user?.passwordHash, input.password));
  const verdict = await withTransaction(house.db, (tx) =>
    user ? decide(house, tx, caller, user.get(), holds) : refuseUnknown(house, tx, caller, input.name),
  );
  if (typeof verdict !== 'string') return verdict;
  noteLogged(caller);
  throw new Fault(verdict);
}

async function judgePassword(passwordHash: string | undefined, password: string): Promise<boolean> {
  if (passwordHash !== undefined) return passwordHolds(passwordHash, password);
  await hashPassword(password);
  return false;
}

type Refusal = 'LOGIN_FAILED' | 'LOGIN_LOCKED';

/** Counted and judged under the row's lock, however many try at once: nothing opens or clears a lock that stands. */
async function decide(house: House, tx: Tx, caller: Caller, judged: UserColumns, holds: boolean) {
  const row = await house.db.rows.users.findByPk(judged.id, { transaction: tx, lock: true });
  const now = house.clock();
  if (row && isLocked(row, now)) return refuse(house, tx, caller, 'LOGIN_LOCKED', judged.id);
  // The account as it is now: it may have been disabled, or its password changed, since the password was judged.
  if (row && holds && row.state === 'active' && row.passwordHash === judged.passwordHash) {
    await row.update({ failedLogins: 0, lockedUntil: null }, { transaction: tx });
    return openSession(house, tx, caller, row.get());
  }
  await row?.update(withFailure(row, now), { transaction: tx });
  return refuse(house, tx, caller, 'LOGIN_FAILED', judged.id);
}

async function refuseUnknown(house: House, tx: Tx, caller: Caller, name: string): Promise<Refusal> {
  const now = house.clock();
  const locked = isUnknownNameLocked(house, name, now);
  await refuse(house, tx, caller, locked ? 'LOGIN_LOCKED' : 'LOGIN_FAILED', null);
  if (!locked) countUnknownName(house, name, now);
  return locked ? 'LOGIN_LOCKED' : 'LOGIN_FAILED';
}

async function refuse(house: House, tx: Tx, caller: Caller, why: Refusal, userId: string | null): Promise<Refusal> {
  await appendAudit(house, tx, caller, {
    act: 'account.login',
    outcome: 'refused',
    details: { userId, ...(why === 'LOGIN_LOCKED' ? { why: 'locked' } : {}) },
  });
  return why;
}

async function openSession(house: House, tx: Tx, caller: Caller, user: UserColumns): Promise<Session> {
  const token = toBase32(house.random(32));
  const csrfToken = toBase32(house.random(16));
  const now = house.clock();
  const expiresAt = new Date(now.getTime() + SESSION_HOURS * 3_600_000);
  const row = { tokenDigest: sm3Hex(token), userId: user.id, csrfToken, createdAt: now, seenAt: now, expiresAt };
  await house.db.rows.sessions.create(row, { transaction: tx });
  const who: Caller = { ...caller, type: 'person', id: user.id, organisationCode: user.organisationCode };
  await appendAudit(house, tx, who, { act: 'account.login' });
  const { id, loginName, displayName, roles, organisationCode } = user;
  return { token, csrfToken, expiresAt, user: { id, loginName, displayName, roles, organisationCode } };
}
