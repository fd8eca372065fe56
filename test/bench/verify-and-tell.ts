/** Verifies one file and tells the largest memory the process ever held. */
import { existsSync, readFileSync } from 'node:fs';
import { verifyFile } from '../../signing/verify/verify-file.ts';

const bytes = readFileSync(process.argv[2] ?? '');
const started = performance.now();
const report = verifyFile(bytes, { at: new Date('2026-06-01T00:00:00Z') });
const ms = performance.now() - started;
process.stdout.write(JSON.stringify({ peakKb: peakKb(), ms, checks: report.checks }));
process.exitCode = report.valid ? 0 : 1;

/** Of this program alone: what getrusage tells also holds the size of the process that started it. */
function peakKb(): number {
  const status = existsSync('/proc/self/status') ? readFileSync('/proc/self/status', 'utf8') : '';
  return Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1] ?? process.resourceUsage().maxRSS);
}
