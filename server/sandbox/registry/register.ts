/** What the reference registries hold: invented persons and bodies in a JSON file that an operator may extend while the server
 *  runs. Made with samples at the first start. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';

const recordSchema = z.strictObject({
  /** GB/T 36903 Annex A. */
  numberType: z.string().regex(/^\d{3}$/),
  number: z.string().min(1).max(64),
  name: z.string().min(1).max(200),
});
const registerSchema = z.strictObject({
  population: z.array(recordSchema),
  'legal-person': z.array(recordSchema),
});
export type Register = z.infer<typeof registerSchema>;
export type RegisterName = keyof Register;

export const REGISTER_FILE = 'register.json';

const SAMPLES: Register = {
  population: [
    { numberType: '111', number: '419901198806151235', name: '欧阳䶮' },
    { numberType: '111', number: '41990119900228204X', name: '林若溪' },
    { numberType: '111', number: '990101199001010019', name: '样例一' },
  ],
  'legal-person': [
    { numberType: '001', number: '91419901MA0A1001XE', name: '样例市云杉房地产开发有限公司' },
    { numberType: '001', number: '91419901MA0A10028E', name: '样例市老街口餐饮管理有限公司' },
    { numberType: '001', number: '91419901MA0A100369', name: '样例市经纬测绘地理信息有限公司' },
    { numberType: '001', number: '91419901MA0A100444', name: '样例市通衢物流有限责任公司' },
    { numberType: '001', number: '91419901MA0A10052Y', name: '样例市云杉数字科技有限公司' },
    // renamed since: a licence for the old name differs
    { numberType: '001', number: '91419901MA0A1006XX', name: '样例市更名后的有限公司' },
  ],
};

/** The file's place; it is there afterwards. */
export function foundRegister(folder: string): string {
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, REGISTER_FILE);
  if (!existsSync(file)) writeFileSync(file, `${JSON.stringify(SAMPLES, null, 2)}\n`);
  return file;
}

/** As it is now. Throws when it is no register. */
export function readRegister(file: string): Register {
  return registerSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
}
