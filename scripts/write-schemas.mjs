/** Writes docs/schemas/: what the house publishes as JSON Schema, made from its closed tables. Run by `npm run schemas`. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { reportSchema } from '../signing/verify/report-schema.ts';

const folder = fileURLToPath(new URL('../docs/schemas/', import.meta.url));
mkdirSync(folder, { recursive: true });
writeFileSync(`${folder}verification-report.json`, `${JSON.stringify(reportSchema(), null, 2)}\n`);
