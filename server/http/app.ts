/** The web application: security headers, request ids, routes, pages, problem documents. */
import express, { type Express } from 'express';
import helmet from 'helmet';
import type { House } from '../../models/house.ts';
import { Fault } from '../../models/kernel/fault.ts';
import { servePages, writeFaultPage } from '../pages/serve-pages.ts';
import { ROUTES } from '../routes/index.ts';
import { isSignIn, makeRateLimit, makeSignInLimit, makeVerifyLimit } from './limit-rate.ts';
import { logRequests } from './log-requests.ts';
import { serveOpenApi } from './openapi.ts';
import { makeOverOf } from './over-of.ts';
import { problemHandler } from './problem.ts';
import { assignRequestId } from './request-id.ts';
import { serveHealth } from './serve-health.ts';
import { serveRoute } from './serve-route.ts';
import type { AskQueue } from './write-metrics.ts';

export interface AppOptions {
  readonly ratePerMinute: number;
  /** In demo: the file with the demonstration's accounts. */
  readonly accountsFile: string;
  /** How the queue stands; left out: the figures are silent about it. */
  readonly askQueue?: AskQueue;
  /** The server stops: answers that wait for something are given at once. */
  readonly stopping?: AbortSignal;
}

export function makeApp(house: House, options: AppOptions): Express {
  const app = express();
  app.disable('x-powered-by');
  app.set('etag', false);
  app.set('trust proxy', 'loopback');
  app.use(assignRequestId(house.newId));
  app.use(logRequests(house));
  const https = house.publicUrl.startsWith('https:');
  // Over plain HTTP (a trial on one machine) a browser must not be told to ask for HTTPS.
  const upgradeInsecureRequests = https ? [] : null;
  app.use(
    helmet({ strictTransportSecurity: https, contentSecurityPolicy: { directives: { upgradeInsecureRequests } } }),
  );
  const limit = makeRateLimit(options.ratePerMinute);
  const signInLimit = makeSignInLimit(options.ratePerMinute);
  serveHealth(app, house, options.askQueue);
  serveOpenApi(app, ROUTES);
  const overOf = makeOverOf(options.stopping);
  for (const route of ROUTES) {
    const limits = isSignIn(route.method, route.path) ? signInLimit : limit;
    serveRoute(app, house, { limit: limits, overOf }, route);
  }
  const verifyLimit = makeVerifyLimit(options.ratePerMinute);
  servePages(app, house, { limit, signInLimit, verifyLimit }, options);
  app.use(() => {
    throw new Fault('ROUTE_NOT_FOUND');
  });
  app.use(problemHandler(house.log, writeFaultPage));
  return app;
}
