/** A city with forty departments: each a licence type of its own, a clerk and a reviewer. */
import { saveEntry } from '../../../models/catalogue/save-entry.ts';
import type { House } from '../../../models/house.ts';
import { socialCreditCheckCharacter } from '../../../models/identifier/social-credit-code.ts';
import { saveOrganisation } from '../../../models/organisation/save-organisation.ts';
import { ENTRY, systemAdmin } from '../../world/sample-entry.ts';
import { callerWith, openTestHouse, type TestHouse } from '../../world/test-house.ts';
import { DEPARTMENTS, LEAST_BATCH, START } from './story.ts';

const withCheck = (first17: string) => first17 + socialCreditCheckCharacter(first17);

const CODES = Array.from({ length: DEPARTMENTS }, (_, index) =>
  withCheck(`11419900MC${String(index).padStart(7, '0')}`),
);

export const codeOf = (department: number) => CODES[department] ?? '';
export const departmentOf = (code: string) => CODES.indexOf(code);
export const catalogueOf = (department: number) => `${codeOf(department)}001`;
export const companyOf = (holder: number) => withCheck(`91419900MC${String(holder).padStart(7, '0')}`);

export const clerkOf = (department: number) => callerWith(['issuer.clerk'], codeOf(department), `clerk-${department}`);
export const reviewerOf = (department: number) =>
  callerWith(['issuer.reviewer'], codeOf(department), `reviewer-${department}`);
export const officer = callerWith(['bureau.officer'], null, 'officer');

/** Beside the face: what may be maintained. */
const FIELDS = [
  ...ENTRY.fields,
  { key: 'contactPhone', name: '联系电话', type: 'text' as const, required: false, maxLength: 40 },
];

async function furnish(house: House): Promise<void> {
  const persons = [{ name: '王一', duty: '经办' }];
  for (const [department, code] of CODES.entries()) {
    await saveOrganisation(house, systemAdmin, {
      ...{ code, name: `样例市第${department + 1}局`, level: 'city', responsibleBody: '办公室', persons },
      ...{ isIssuer: true, isConsumer: false },
    });
    const own = { code: catalogueOf(department), issuingBody: code, providingBody: code, fields: FIELDS };
    await saveEntry(house, clerkOf(department), { ...ENTRY, ...own });
  }
}

/** Its clock stands at the beginning of the quarter. */
export async function openQuarterHouse(databaseUrl?: string): Promise<TestHouse> {
  const house = await openTestHouse(databaseUrl, furnish);
  house.time.set(new Date(START));
  return { ...house, leastBatchRows: LEAST_BATCH };
}
