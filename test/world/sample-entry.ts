/** A small catalogue entry, a body that issues it, and a submission that is right in every point. */

import type { CatalogueDefinition } from '../../models/catalogue/definition.ts';
import { saveEntry } from '../../models/catalogue/save-entry.ts';
import type { House } from '../../models/house.ts';
import { socialCreditCheckCharacter } from '../../models/identifier/social-credit-code.ts';
import { saveOrganisation } from '../../models/organisation/save-organisation.ts';
import { giveSeal } from './give-seal.ts';
import { callerWith, openTestHouse } from './test-house.ts';

const withCheck = (first17: string) => first17 + socialCreditCheckCharacter(first17);

export const ISSUER = withCheck('11419900MB0000001');
export const OTHER_ISSUER = withCheck('11419900MB0000002');
export const CONSUMER = withCheck('11419900MB0000003');
export const COMPANY = withCheck('91419900MA0000001');
/** An invented citizen number of an area that does not exist, with a right check character. */
export const CITIZEN = '990101199001010019';

export const ENTRY: CatalogueDefinition = {
  code: `${ISSUER}001`,
  name: '建筑工程施工许可证',
  category: 'permit',
  fileKind: 'licence',
  issuingBody: ISSUER,
  providingBody: ISSUER,
  holderType: 'legal',
  level: 'city',
  numberFormat: { pattern: '^施字第\\d{10}号$', example: '施字第2026000001号', template: '施字第{yyyy}{seq:6}号' },
  validity: { kind: 'fixed', years: 5 },
  fields: [
    { key: 'licenceNumber', name: '证照编号', type: 'text', required: true, maxLength: 40 },
    { key: 'projectName', name: '工程名称', type: 'text', required: true, maxLength: 60 },
    { key: 'address', name: '建设地址', type: 'text', required: false, maxLength: 120, pattern: '^[^<>]*$' },
    { key: 'startOn', name: '开工日期', type: 'date', required: false },
    { key: 'areaSquareMetres', name: '建设规模', type: 'decimal', required: false },
    { key: 'kind', name: '工程类别', type: 'code', required: false, codes: [{ code: 'fj', name: '房屋建筑' }] },
  ],
  numberField: 'licenceNumber',
  face: {
    pages: [
      {
        name: '正本',
        widthMm: 210,
        heightMm: 297,
        items: [
          {
            kind: 'text',
            text: '{catalogueName}',
            box: [20, 30, 170, 15],
            sizeMm: 9,
            align: 'center',
            font: 'serif-bold',
          },
          { kind: 'text', text: '编号 {licenceNumber}', box: [20, 55, 170, 8], sizeMm: 4 },
          { kind: 'text', text: '建设单位 {holderName}', box: [20, 65, 170, 8], sizeMm: 4 },
          { kind: 'text', text: '工程名称 {projectName}\n地址 {address}', box: [20, 75, 170, 30], sizeMm: 4 },
          { kind: 'text', text: '{startOn} {areaSquareMetres} {kind} {validity}', box: [20, 110, 170, 10], sizeMm: 4 },
          { kind: 'text', text: '{issuerName}\n{issuedOn}', box: [110, 200, 80, 20], sizeMm: 4, align: 'center' },
          { kind: 'text', text: '{commitmentMark}', when: 'commitmentMark', box: [150, 20, 40, 8], sizeMm: 5 },
          { kind: 'seal', box: [130, 190, 42, 42] },
          { kind: 'qr', box: [20, 240, 30, 30] },
        ],
      },
    ],
  },
  baseImages: {},
  seal: { name: '样例局电子证照专用章（测试专用）' },
  delegation: true,
  commitment: true,
  classified: false,
  inForceFrom: '2026-01-01',
};

export const SUBMISSION = {
  catalogueCode: ENTRY.code,
  holders: [{ name: '样例建设有限公司', type: 'legal', number: COMPANY }],
  fields: { licenceNumber: '施字第2026000001号', projectName: '样例花园一期', address: '样例市样例路1号' },
  caseNumber: 'AJ-2026-0001',
} as const;

export const clerk = callerWith(['issuer.clerk'], ISSUER, 'clerk');
export const reviewer = callerWith(['issuer.reviewer'], ISSUER, 'reviewer');
export const sealKeeper = callerWith(['issuer.seal-keeper'], ISSUER, 'seal-keeper');
export const otherClerk = callerWith(['issuer.clerk', 'issuer.reviewer', 'issuer.seal-keeper'], OTHER_ISSUER, 'other');
export const systemAdmin = callerWith(['admin.system'], null, 'admin');
export const bureauOfficer = callerWith(['bureau.officer'], null, 'officer');
export const auditor = callerWith(['auditor'], null, 'auditor');

/** Two issuing bodies with seals, one consumer, the entry in force. */
export async function furnish(house: House): Promise<void> {
  const common = { level: 'city', responsibleBody: '办公室', persons: [{ name: '王一', duty: '经办' }] } as const;
  for (const [code, name, isIssuer] of [
    [ISSUER, '样例市城乡建设局', true],
    [OTHER_ISSUER, '样例市另一局', true],
    [CONSUMER, '样例市政务服务中心', false],
  ] as const) {
    await saveOrganisation(house, systemAdmin, {
      ...common,
      persons: [...common.persons],
      code,
      name,
      isIssuer,
      isConsumer: !isIssuer,
    });
  }
  await giveSeal(house, ISSUER, ENTRY.seal.name);
  await saveEntry(house, clerk, ENTRY);
}

/** A test's house as `furnish` leaves it. @param databaseUrl an empty database; default: a new SQLite file */
export const openFurnishedHouse = (databaseUrl?: string) => openTestHouse(databaseUrl, furnish);
