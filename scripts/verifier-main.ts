/** Where the offline verifier begins: `zhengku verify` by itself, in one thread. */
import { makeVerifierHere } from '../models/verification/verify-here.ts';
import { verifyFiles } from '../server/cli/verify-files.ts';

process.exitCode = await verifyFiles(process.argv.slice(2), makeVerifierHere).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  return 2;
});
