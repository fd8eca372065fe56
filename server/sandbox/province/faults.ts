/** Faults that the reference library commits when it is told to, so that the city's exchange can be tried against them. Set by
 *  `POST /faults` (only where it was started with them allowed) or by the test that holds it. */
import express, { type Express } from 'express';
import { z } from 'zod';

export const faultsSchema = z.strictObject({
  /** Answer every request of the city with this status. */
  status: z.int().min(400).max(599).nullable().optional(),
  /** Seconds of a Retry-After header beside the status. */
  retryAfter: z.int().min(0).nullable().optional(),
  /** Answer only after so many milliseconds; -1: never. */
  delayMs: z.int().min(-1).max(600_000).optional(),
  /** Answer with bytes that are no receipt. */
  garbage: z.boolean().optional(),
  /** Sign receipts with a key that is not its own. */
  forge: z.boolean().optional(),
  /** Lie about each item: another sequence, another digest, another batch, or that something newer is held. */
  lie: z.enum(['sequence', 'digest', 'batch', 'ahead', 'twice', 'stranger']).nullable().optional(),
  /** Refuse every licence for this reason. */
  refuse: z.string().max(200).nullable().optional(),
  /** Name the items of a receipt in reverse. */
  reverse: z.boolean().optional(),
});
export type Faults = z.infer<typeof faultsSchema>;

/** Ahead of all that the city calls. `set` absent: nobody may change them over HTTP. */
export function addFaults(app: Express, faults: () => Faults, set: ((faults: Faults) => void) | undefined): void {
  if (set) {
    app.post('/faults', express.json(), (request, response) => {
      const wanted = faultsSchema.safeParse(request.body);
      if (!wanted.success) response.status(400).json({ code: 'REQUEST_INVALID' });
      else {
        set(wanted.data);
        response.json(wanted.data);
      }
    });
  }
  app.use('/api', (_request, response, next) => {
    const { status, retryAfter, delayMs = 0, garbage } = faults();
    if (typeof retryAfter === 'number') response.setHeader('retry-after', String(retryAfter));
    const answer = () => {
      if (status) response.status(status).json({ code: 'FAULT' });
      else if (garbage) response.type('application/json').send('\u0000{"receipts": [');
      else next();
    };
    if (delayMs === 0) answer();
    else if (delayMs > 0) setTimeout(answer, delayMs);
  });
}
