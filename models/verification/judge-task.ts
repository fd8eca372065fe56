/** Judge one task in the thread it is in. */
import { readFileSync, statSync } from 'node:fs';
import { judgeFile, type ReportDocument, type VerificationPolicy } from '../../signing/index.ts';
import { UnreadablePath, type VerificationTask } from './verifier.ts';

/** A file is read whole; 512 MiB is far beyond any licence. */
const MOST_BYTES = 512 * 1024 * 1024;

export function judgeTask({ bytes, material, at, file }: VerificationTask): ReportDocument {
  const { rules, certificates, crls, sealMakers } = material;
  // the same lists again and again: what is read from them is remembered by the list
  const policy: VerificationPolicy = {
    at,
    ...(certificates ? { certificates } : {}),
    ...(crls ? { crls } : {}),
    ...(sealMakers ? { sealMakers } : {}),
  };
  return judgeFile(typeof bytes === 'string' ? readWhole(bytes) : bytes, { policy, rules, file });
}

function readWhole(path: string): Uint8Array {
  try {
    if (statSync(path).size > MOST_BYTES) throw new UnreadablePath('the file is larger than 512 MiB');
    return readFileSync(path);
  } catch (error) {
    if (error instanceof UnreadablePath) throw error;
    throw new UnreadablePath((error as Error).message, { cause: error });
  }
}
