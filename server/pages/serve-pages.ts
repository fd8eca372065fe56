/** The few pages of the house: start, public check, verification, sign-in, hosted fill page, demo accounts. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import express, { type Express } from 'express';
import type { House } from '../../models/house.ts';
import { toShanghaiTime } from '../../models/kernel/clock.ts';
import { Fault } from '../../models/kernel/fault.ts';
import { checkByCode } from '../../models/licence/index.ts';
import { anonymous } from '../http/authenticate.ts';
import { limitPages } from '../http/knock.ts';
import type { RateLimit } from '../http/limit-rate.ts';
import type { Problem } from '../http/problem.ts';
import { renderPage } from './render.ts';
import { serveFillPage } from './serve-fill-page.ts';
import { serveHostedFill } from './serve-hosted-fill.ts';
import { serveLoginPage } from './serve-login-page.ts';
import { servePageFont } from './serve-page-font.ts';
import { serveSealPage } from './serve-seal-page.ts';
import { serveVerifyPage } from './serve-verify-page.ts';

export interface PageOptions {
  /** In demo: the file with the demonstration's accounts. */
  readonly accountsFile: string;
}

export interface PageLimits {
  readonly limit: RateLimit;
  readonly signInLimit: RateLimit;
  readonly verifyLimit: RateLimit;
}

export function servePages(
  app: Express,
  house: House,
  { limit, signInLimit, verifyLimit }: PageLimits,
  { accountsFile }: PageOptions,
): void {
  servePageFont(app, house);
  app.use('/assets', express.static(fileURLToPath(new URL('assets', import.meta.url)), { index: false, maxAge: '1h' }));
  const limited = limitPages(house, limit);
  app.get('/', (_request, response) => {
    response.type('text/html').send(renderPage('start', { demo: house.mode === 'demo' && existsSync(accountsFile) }));
  });
  app.get('/check', limited, (request, response) => {
    const { code } = request.query;
    if (typeof code === 'string' && code.trim() !== '')
      response.redirect(303, `/v/${encodeURIComponent(code.trim().toUpperCase())}`);
    else response.type('text/html').send(renderPage('check', { result: undefined, asked: false }));
  });
  app.get('/v/:code', limited, async (request, response) => {
    const { i, p } = request.query;
    const result = await checkByCode(
      house,
      anonymous(request),
      String(request.params.code),
      typeof i === 'string' ? i : undefined,
      typeof p === 'string' ? p : undefined,
    );
    response.status(result ? 200 : 404).setHeader('Cache-Control', 'no-store');
    const good = result?.status === 'valid';
    if (request.accepts(['html', 'json']) === 'json') {
      if (!result) throw new Fault('NOT_FOUND');
      response.json(result);
    } else {
      const checkedAt = result ? toShanghaiTime(new Date(result.checkedAt)) : '';
      response.type('text/html').send(renderPage('check', { result, asked: true, good, checkedAt }));
    }
  });
  app.get('/demo/accounts', (_request, response) => {
    if (house.mode !== 'demo' || !existsSync(accountsFile)) throw new Fault('ROUTE_NOT_FOUND');
    response
      .type('text/html')
      .send(renderPage('accounts', { accounts: JSON.parse(readFileSync(accountsFile, 'utf8')) }));
  });
  serveLoginPage(app, house, limited, limitPages(house, signInLimit));
  serveHostedFill(app, house, limited);
  serveFillPage(app, house, limited);
  serveSealPage(app, house, limited);
  serveVerifyPage(app, house, limitPages(house, verifyLimit));
}

/** A fault in words, for a person's browser. */
export function writeFaultPage({ zh, en, detail, requestId }: Problem): string {
  return renderPage('message', { title: zh, text: detail ?? '', en, requestId });
}
