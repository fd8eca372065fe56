/** The system that holds an access token, and what the token lets it do. */
import type { House } from '../house.ts';
import { sm3Hex } from '../kernel/digest.ts';
import { Fault } from '../kernel/fault.ts';
import type { Role } from './roles.ts';
import type { ApplicationColumns } from './rows.ts';

export interface FoundToken {
  readonly application: ApplicationColumns;
  readonly scopes: readonly Role[];
}

/** Throws `UNAUTHENTICATED` or `TOKEN_EXPIRED`. */
export async function getTokenHolder(house: House, accessToken: string): Promise<FoundToken> {
  const { accessTokens, applications } = house.db.rows;
  const token = await accessTokens.findByPk(sm3Hex(accessToken));
  if (!token) throw new Fault('UNAUTHENTICATED');
  if (token.expiresAt <= house.clock()) throw new Fault('TOKEN_EXPIRED');
  const application = await applications.findByPk(token.applicationId);
  if (application?.state !== 'active') throw new Fault('UNAUTHENTICATED');
  return { application: application.get(), scopes: token.scopes };
}
