/** Writes what the house publishes of its closed tables: the JSON Schema of the report in docs/schemas/, and the table of
 *  codes in docs/verification.md. Run by `npm run schemas`. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { tableOfCodes } from '../signing/verify/codes-table.ts';
import { reportSchema } from '../signing/verify/report-schema.ts';

const docs = fileURLToPath(new URL('../docs/', import.meta.url));
mkdirSync(`${docs}schemas`, { recursive: true });
writeFileSync(`${docs}schemas/verification-report.json`, `${JSON.stringify(reportSchema(), null, 2)}\n`);

const page = `${docs}verification.md`;
const [head, rest = ''] = readFileSync(page, 'utf8').split('<!-- codes -->\n');
const tail = rest.slice(rest.indexOf('<!-- /codes -->'));
writeFileSync(page, `${head}<!-- codes -->\n${tableOfCodes()}${tail}`);
