/** GET /crl/<list>.crl: the authorities' revocation lists (RFC 5280 §5, media type of RFC 2585 §4.2), issued as asked for. */
import express, { type Router } from 'express';
import { issueList } from './revocations.ts';
import type { TrustServices } from './services.ts';

const MEDIA_TYPE = 'application/pkix-crl';

export function crlRouter(services: TrustServices): Router {
  const router = express.Router();
  router.get('/crl/:file', async (request, response, next) => {
    const [, name = ''] = /^([a-z0-9-]+)\.crl$/.exec(request.params.file) ?? [];
    const list = await issueList(services, name);
    if (list === undefined) next();
    else response.type(MEDIA_TYPE).send(Buffer.from(list));
  });
  return router;
}
