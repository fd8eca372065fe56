/** A consuming department with a matter, a licence of a company and one of a person, and uses for both. */
import { saveEntry } from '../../../models/catalogue/save-entry.ts';
import type { LicenceView } from '../../../models/licence/index.ts';
import { CITIZEN, COMPANY, CONSUMER, clerk, ENTRY, ISSUER } from '../../world/sample-entry.ts';
import { issue, submission } from './issue.ts';
import { bodyOfAnswer, type Hand, openWeb, type Web } from './web.ts';

export const PERSONAL = `${ISSUER}004`;
export const PURPOSE = '核验施工许可';

export interface SharingWorld {
  readonly web: Web;
  readonly window: Hand;
  readonly licence: LicenceView;
  /** Of the same company, but of a type the matter does not ask for. */
  readonly outside: LicenceView;
  readonly personal: LicenceView;
  openUse(changes?: object, hand?: Hand): Promise<string>;
}

export async function openSharingWorld(databaseUrl?: string): Promise<SharingWorld> {
  const web = await openWeb(databaseUrl);
  await saveEntry(web.house, clerk, { ...ENTRY, code: `${ISSUER}002` });
  await saveEntry(web.house, clerk, { ...ENTRY, code: PERSONAL, holderType: 'natural' });
  const officer = await web.person('bureau.officer');
  const matter = { code: 'SX-1', name: '联合验收', organisationCode: CONSUMER, catalogueCodes: [ENTRY.code, PERSONAL] };
  await officer.post('/api/v1/matters', matter);
  const window = await web.person('consumer.window');
  const person = { name: '欧阳三', type: 'natural', number: CITIZEN };
  return {
    web,
    window,
    licence: await issue(web),
    outside: await issue(web, submission({ catalogueCode: `${ISSUER}002` })),
    personal: await issue(web, submission({ catalogueCode: PERSONAL, holders: [person] })),
    async openUse(changes = {}, hand = window) {
      const holder = { type: 'legal', number: COMPANY };
      const body = { case: 'SL-1', matter: 'SX-1', purpose: PURPOSE, holder, ...changes };
      return bodyOfAnswer<{ useCode: string }>(await hand.post('/api/v1/uses', body)).useCode;
    },
  };
}
