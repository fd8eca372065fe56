/** Render a face once and seal it twice, as OFD and as PDF. Pure but for what is asked outside: values in, bytes out. */
import { type FontBook, layOutFace, SigningError } from '../../signing/index.ts';
import { sm3Hex } from '../kernel/digest.ts';
import { Fault } from '../kernel/fault.ts';
import { makeOfd } from './make-ofd.ts';
import { makePdf } from './make-pdf.ts';
import type { Outside } from './outside.ts';
import type { SealedFiles, SealingTask } from './sealer.ts';
import { reachPoint } from './sealing-point.ts';

/** Nobody outside is needed: keys are here, and files carry no time-stamp. */
export const NOBODY_OUTSIDE: Outside = {
  pressSeal: (service) => Promise.reject(new Fault('SEAL_SERVICE_MISSING', { detail: service })),
  stamp: {},
};

/** Throws `SEALING_FAILED` with the signing floor's code, and its reason where it names one; whatever `outside` throws. */
export async function makeFiles(
  task: SealingTask,
  fonts: FontBook,
  outside: Outside = NOBODY_OUTSIDE,
): Promise<SealedFiles> {
  try {
    const face = layOutFace(task.layout, task.content, fonts);
    reachPoint('laid-out', task.identifier);
    const ofd = await makeOfd(task, face, outside);
    const pdf = await makePdf(task, face, outside);
    return { ofd, pdf, sm3: { ofd: sm3Hex(ofd), pdf: sm3Hex(pdf) } };
  } catch (error) {
    throw error instanceof SigningError ? toSealingFault(error) : error;
  }
}

function toSealingFault(cause: SigningError): Fault {
  const { reason } = cause.details;
  const detail = reason === undefined ? cause.code : `${cause.code} ${reason}`;
  return new Fault('SEALING_FAILED', { detail, cause });
}
