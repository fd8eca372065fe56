/** The trust services' HTTP: each service brings its own routes. Bodies are binary; faults are a status and no more. */
import express, { type ErrorRequestHandler, type Express, type Router } from 'express';

export function makeTrustApp(routers: readonly Router[]): Express {
  const app = express();
  app.disable('x-powered-by');
  app.set('etag', false);
  for (const router of routers) app.use(router);
  app.use((_request, response) => {
    response.status(404).json({ code: 'NOT_FOUND' });
  });
  app.use(sayStatus);
  return app;
}

/** Express knows an error handler by its four parameters. */
const sayStatus: ErrorRequestHandler = (error: { readonly status?: unknown }, _request, response, next) => {
  if (response.headersSent) next(error);
  else response.status(typeof error.status === 'number' ? error.status : 500).json({ code: 'REFUSED' });
};
