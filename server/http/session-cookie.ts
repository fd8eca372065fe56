/** Put the session into a cookie that scripts cannot read and other sites cannot send; take it away at sign-out. */
import type { Request, Response } from 'express';
import { logOut } from '../../models/account/index.ts';
import type { House } from '../../models/house.ts';
import { readCookie, SESSION_COOKIE } from './authenticate.ts';
import type { Route, RouteInput } from './route.ts';

interface OpenedSession {
  readonly token: string;
  readonly expiresAt: Date;
}

/** Runs the act; the token itself never stands in the answer of a sign-in. */
export async function runSession(
  route: Route,
  request: Request,
  response: Response,
  { house, caller }: Pick<RouteInput<unknown, unknown>, 'house' | 'caller'>,
  act: () => Promise<unknown>,
): Promise<unknown> {
  const result = await act();
  if (route.signsOut) {
    const token = readCookie(request, SESSION_COOKIE);
    if (token) await logOut(house, caller, token);
    response.clearCookie(SESSION_COOKIE, { path: '/' });
  }
  if (!route.signsIn) return result;
  const { token, expiresAt, ...rest } = result as OpenedSession;
  setSessionCookie(response, house, { token, expiresAt });
  return { ...rest, expiresAt };
}

export function setSessionCookie(response: Response, house: House, session: OpenedSession): void {
  response.cookie(SESSION_COOKIE, session.token, {
    httpOnly: true,
    sameSite: 'strict',
    secure: house.publicUrl.startsWith('https:'),
    path: '/',
    // Relative, so that a browser whose clock is wrong keeps it as long.
    maxAge: session.expiresAt.getTime() - house.clock().getTime(),
  });
}
