/** Seals at a seal service: POST /seal takes what is to be sealed as a digest and gives a SES_Signature. */
import { z } from 'zod';
import type { SealService } from '../../models/seal/index.ts';
import { ask, type ServiceLine } from './service-line.ts';

const stampSchema = z.object({ stamp: z.base64().min(1) });

/** The port by which seals outside are pressed. Rejects with KEY_SERVICE_UNAVAILABLE or KEY_SERVICE_REFUSED. */
export function makeSealService(line: ServiceLine): SealService {
  return {
    async press({ esId, dataHash, propertyInfo, at }) {
      const facts = { esId, dataHash: Buffer.from(dataHash).toString('base64'), propertyInfo, at: at.toISOString() };
      const { stamp } = await ask(line, '/seal', facts, stampSchema);
      return new Uint8Array(Buffer.from(stamp, 'base64'));
    },
  };
}
