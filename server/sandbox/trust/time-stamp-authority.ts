/** POST /tsa/sm2 and /tsa/rsa: time-stamps over HTTP (RFC 3161 §3.4), to the millisecond, from the development keys. */
import express, { type Router } from 'express';
import { answerTimeStampRequest, softwareKeyFromPkcs8, type TimeStampAuthority } from '../../../signing/index.ts';
import { newSerial, type TrustServices } from './services.ts';

const QUERY = 'application/timestamp-query';
const REPLY = 'application/timestamp-reply';
const BODY_LIMIT = '64kb';

/** Below the private enterprise number that is set aside for examples (RFC 5612). */
export const DEVELOPMENT_POLICY = '1.3.6.1.4.1.32473.8460.1';

export function timeStampRouter(services: TrustServices): Router {
  const router = express.Router();
  for (const kind of ['sm2', 'rsa'] as const) {
    const authority = authorityOf(services, kind);
    router.post(`/tsa/${kind}`, express.raw({ type: QUERY, limit: BODY_LIMIT }), async (request, response) => {
      if (!request.is(QUERY)) {
        response.status(415).json({ code: 'MEDIA_TYPE_UNSUPPORTED' });
        return;
      }
      const bytes = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
      const moment = { at: services.clock(), serial: newSerial(services.random) };
      response.type(REPLY).send(Buffer.from(await answerTimeStampRequest(bytes, authority, moment)));
    });
  }
  return router;
}

function authorityOf({ authority }: TrustServices, kind: 'sm2' | 'rsa'): TimeStampAuthority {
  const { tsa, issuing } = authority[kind];
  return {
    key: softwareKeyFromPkcs8(tsa.pkcs8),
    certificate: tsa.certificate,
    chain: [issuing.certificate],
    policy: DEVELOPMENT_POLICY,
    accuracy: { seconds: 1 },
    fraction: true,
  };
}
