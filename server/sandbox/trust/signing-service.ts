/** A reference signing service: GET /keys lists its keys, POST /sign signs a digest, POST /seal presses a seal of its own.
 *  A request carries the service's token, or an SM2 signature of a known client over time, nonce, target and body. The
 *  same request id with the same body is answered the same again, so that a client may ask twice. */
import { createHash, timingSafeEqual } from 'node:crypto';
import express, { type NextFunction, type Request, type Response, type Router } from 'express';
import { z } from 'zod';
import { SigningError, softwareKeyFromPkcs8, stamp, verifySm2 } from '../../../signing/index.ts';
import type { TrustServices } from './services.ts';
import type { SigningStore } from './signing-store.ts';

const BODY_LIMIT = '16kb';
const CLOCK_SKEW_MS = 5 * 60_000;
const MOST_REMEMBERED = 1000;
const DIGEST_BYTES = 32;

const digestSchema = z.base64().refine((text) => Buffer.from(text, 'base64').length === DIGEST_BYTES);
const requestId = z.string().min(8).max(64);
const signSchema = z.strictObject({
  requestId,
  keyId: z.string().min(1).max(190),
  algorithm: z.enum(['SM2', 'RSA']),
  digest: digestSchema,
});
const sealSchema = z.strictObject({
  requestId,
  esId: z.string().min(1).max(190),
  dataHash: digestSchema,
  propertyInfo: z
    .string()
    .min(1)
    .max(1000)
    .regex(/^\p{ASCII}*$/u),
  at: z.iso.datetime(),
});

interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}
type Act = (body: unknown) => Promise<Answer>;

export function signingServiceRouter(services: TrustServices, store: SigningStore): Router {
  const router = express.Router();
  const raw = express.raw({ type: 'application/json', limit: BODY_LIMIT });
  const known = new Set<string>();
  const guard = (request: Request, response: Response, next: NextFunction) => {
    if (isKnownClient(request, store, services.clock(), known)) next();
    else response.status(401).json({ code: 'UNAUTHENTICATED' });
  };
  router.get('/keys', guard, (_request, response) => {
    response.json({
      keys: [...store.keys.values()].map(({ keyId, algorithm, certificates }) => ({
        ...{ keyId, algorithm },
        certificates: certificates.map((der) => Buffer.from(der).toString('base64')),
      })),
    });
  });
  router.post(
    '/sign',
    raw,
    guard,
    answerOnce((body) => sign(store, body)),
  );
  router.post(
    '/seal',
    raw,
    guard,
    answerOnce((body) => press(services, store, body)),
  );
  return router;
}

async function sign(store: SigningStore, body: unknown): Promise<Answer> {
  const asked = signSchema.safeParse(body);
  if (!asked.success) return { status: 400, body: { code: 'REQUEST_INVALID' } };
  const key = store.keys.get(asked.data.keyId);
  if (key?.algorithm !== asked.data.algorithm) return { status: 404, body: { code: 'KEY_UNKNOWN' } };
  const signature = key.signDigest(new Uint8Array(Buffer.from(asked.data.digest, 'base64')));
  return { status: 200, body: { signature: Buffer.from(signature).toString('base64') } };
}

async function press({ clock }: TrustServices, store: SigningStore, body: unknown): Promise<Answer> {
  const asked = sealSchema.safeParse(body);
  if (!asked.success) return { status: 400, body: { code: 'REQUEST_INVALID' } };
  const { esId, dataHash, propertyInfo } = asked.data;
  const seal = store.seals.get(esId);
  if (seal === undefined) return { status: 404, body: { code: 'SEAL_UNKNOWN' } };
  const at = new Date(asked.data.at);
  // the service vouches for the time in the stamp: nobody presses its seal into the past
  if (Math.abs(at.getTime() - clock().getTime()) > CLOCK_SKEW_MS)
    return { status: 409, body: { code: 'TIME_REFUSED' } };
  const { pkcs8, certificates } = seal.key;
  try {
    const pressed = await stamp({
      ...{ seal: seal.eseal, at, propertyInfo },
      dataHash: new Uint8Array(Buffer.from(dataHash, 'base64')),
      signer: { key: softwareKeyFromPkcs8(pkcs8), certificate: certificates[0] ?? new Uint8Array() },
    });
    return { status: 200, body: { stamp: Buffer.from(pressed).toString('base64') } };
  } catch (error) {
    if (error instanceof SigningError) return { status: 409, body: { code: error.code } };
    throw error;
  }
}

/** The answer to a request id is kept; another body under the same id is refused. */
function answerOnce(act: Act): (request: Request, response: Response) => Promise<void> {
  const answers = new Map<string, { readonly digest: string; readonly answer: Promise<Answer> }>();
  return async (request, response) => {
    const bytes = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
    const body = readJson(bytes);
    const id = z.object({ requestId }).safeParse(body).data?.requestId;
    if (id === undefined) {
      response.status(400).json({ code: 'REQUEST_INVALID' });
      return;
    }
    const digest = createHash('sha256').update(bytes).digest('hex');
    const kept = answers.get(id) ?? { digest, answer: act(body) };
    answers.set(id, kept);
    if (answers.size > MOST_REMEMBERED) answers.delete(answers.keys().next().value ?? '');
    const answer = kept.digest === digest ? await kept.answer : { status: 409, body: { code: 'REQUEST_ID_REUSED' } };
    response.status(answer.status).json(answer.body);
  };
}

function isKnownClient(request: Request, store: SigningStore, now: Date, seen: Set<string>): boolean {
  const [, token] = /^Bearer (.+)$/.exec(request.header('authorization') ?? '') ?? [];
  if (token !== undefined) return sameText(token, store.token);
  const time = request.header('x-zhengku-time') ?? '';
  const nonce = request.header('x-zhengku-nonce') ?? '';
  const apart = Math.abs(Date.parse(time) - now.getTime());
  if (!(apart <= CLOCK_SKEW_MS) || nonce.length < 16 || seen.has(nonce)) return false;
  const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  const head = Buffer.from(`${time}\n${nonce}\n${request.method} ${request.originalUrl}\n`);
  const signature = new Uint8Array(Buffer.from(request.header('x-zhengku-signature') ?? '', 'base64'));
  const message = Buffer.concat([head, body]);
  if (!store.clients.some((client) => verifySm2(client, message, signature))) return false;
  seen.add(nonce);
  if (seen.size > MOST_REMEMBERED) seen.delete(seen.keys().next().value ?? '');
  return true;
}

function sameText(a: string, b: string): boolean {
  const [one, other] = [a, b].map((text) => createHash('sha256').update(text).digest());
  return one !== undefined && other !== undefined && timingSafeEqual(one, other);
}

function readJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}
