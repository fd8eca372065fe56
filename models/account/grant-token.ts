/** OAuth 2 client credentials (RFC 6749 §4.4): an opaque access token, short-lived, stored as a digest. */
import { timingSafeEqual } from 'node:crypto';
import { appendAudit, logAccess } from '../audit/append-audit.ts';
import type { Caller, House } from '../house.ts';
import { sm3Hex } from '../kernel/digest.ts';
import { Fault } from '../kernel/fault.ts';
import { toBase32 } from '../kernel/ids.ts';
import { withTransaction } from '../store/with-transaction.ts';
import type { Role } from './roles.ts';

const TOKEN_SECONDS = 3600;

export interface GrantedToken {
  readonly accessToken: string;
  readonly expiresInSeconds: number;
  readonly scopes: readonly Role[];
}

export interface TokenRequest {
  readonly clientId: string;
  readonly clientSecret: string;
  /** A subset of the application's scopes; all of them when not given. */
  readonly scopes?: readonly string[];
}

/** Throws `UNAUTHENTICATED` for unknown or wrong credentials, `FORBIDDEN` for a scope not held. */
export async function grantToken(house: House, caller: Caller, request: TokenRequest): Promise<GrantedToken> {
  const application = await house.db.rows.applications.findByPk(request.clientId);
  const given = Buffer.from(sm3Hex(request.clientSecret));
  const expected = Buffer.from(application?.secretDigest ?? '0'.repeat(64));
  if (!timingSafeEqual(given, expected) || application?.state !== 'active') {
    await logAccess(house, caller, {
      act: 'account.token',
      outcome: 'refused',
      details: { clientId: request.clientId.slice(0, 64) },
    });
    throw new Fault('UNAUTHENTICATED');
  }
  const scopes = application.scopes.filter((scope) => request.scopes?.includes(scope) ?? true);
  if (request.scopes && scopes.length < new Set(request.scopes).size) {
    await logAccess(house, caller, { act: 'account.token', outcome: 'refused', details: { clientId: application.id } });
    throw new Fault('FORBIDDEN');
  }
  const accessToken = toBase32(house.random(32));
  const now = house.clock();
  await withTransaction(house.db, async (tx) => {
    await house.db.rows.accessTokens.create(
      {
        tokenDigest: sm3Hex(accessToken),
        applicationId: application.id,
        scopes,
        createdAt: now,
        expiresAt: new Date(now.getTime() + TOKEN_SECONDS * 1000),
      },
      { transaction: tx },
    );
    const who: Caller = {
      ...caller,
      type: 'system',
      id: application.id,
      organisationCode: application.organisationCode,
    };
    await appendAudit(house, tx, who, { act: 'account.token', details: { scopes } });
  });
  return { accessToken, expiresInSeconds: TOKEN_SECONDS, scopes };
}
