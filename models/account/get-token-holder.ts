/** Who holds an access token, and what the token lets them do: a system, or a person through their own credentials. */
import type { House } from '../house.ts';
import { sm3Hex } from '../kernel/digest.ts';
import { Fault } from '../kernel/fault.ts';
import type { Role } from './roles.ts';
import type { ApplicationColumns, UserColumns } from './rows.ts';

export interface FoundToken {
  readonly application: ApplicationColumns;
  /** The person in whose name the application acts. */
  readonly user: UserColumns | null;
  readonly scopes: readonly Role[];
}

/** Throws `UNAUTHENTICATED` or `TOKEN_EXPIRED`. */
export async function getTokenHolder(house: House, accessToken: string): Promise<FoundToken> {
  const { accessTokens, applications, users } = house.db.rows;
  const token = await accessTokens.findByPk(sm3Hex(accessToken));
  if (!token) throw new Fault('UNAUTHENTICATED');
  if (token.expiresAt <= house.clock()) throw new Fault('TOKEN_EXPIRED');
  const application = await applications.findByPk(token.applicationId);
  if (application?.state !== 'active') throw new Fault('UNAUTHENTICATED');
  if (!application.userId) return { application: application.get(), user: null, scopes: token.scopes };
  const user = await users.findByPk(application.userId);
  if (user?.state !== 'active') throw new Fault('UNAUTHENTICATED');
  // Roles taken from the person are gone from their scripts at once.
  const scopes = token.scopes.filter((scope) => user.roles.includes(scope));
  return { application: application.get(), user: user.get(), scopes };
}
