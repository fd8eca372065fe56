/** `zhengku verify`: judge files offline, by what their bytes prove. Many files are judged in threads. */
import { makeVerificationPool, makeVerifierHere } from '../../models/verification/index.ts';
import { verifyFiles } from './verify-files.ts';

export function run(argv: readonly string[]): Promise<number> {
  return verifyFiles(argv, (jobs) => (jobs > 1 ? makeVerificationPool({ threads: jobs }) : makeVerifierHere()));
}
