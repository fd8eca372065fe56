/** Verifies one file and tells the largest memory the process ever held. */
import { readFileSync } from 'node:fs';
import { verifyFile } from '../../signing/verify/verify-file.ts';

const bytes = readFileSync(process.argv[2] ?? '');
const started = performance.now();
const report = verifyFile(bytes, { at: new Date('2026-06-01T00:00:00Z') });
const ms = performance.now() - started;
process.stdout.write(JSON.stringify({ peakKb: process.resourceUsage().maxRSS, ms, checks: report.checks }));
process.exitCode = report.valid ? 0 : 1;
