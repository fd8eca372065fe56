import { expect } from 'chai';
import type { CatalogueDefinition } from '../../../models/catalogue/definition.ts';
import { saveEntry } from '../../../models/catalogue/save-entry.ts';
import type { FaultCode } from '../../../models/kernel/fault-codes.ts';
import { CITIZEN, COMPANY, clerk, ENTRY, ISSUER, OTHER_ISSUER } from '../../world/sample-entry.ts';
import { submission, submit } from './issue.ts';
import { expectProblem, openWeb, storingNothing, type Web } from './web.ts';

const CODES = { retired: `${ISSUER}002`, future: `${ISSUER}003`, natural: `${ISSUER}004`, permanent: `${ISSUER}005` };
const company = { name: '样例建设有限公司', type: 'legal', number: COMPANY };
const person = { name: '张三', type: 'natural', number: CITIZEN };
const long = (count: number) => '长'.repeat(count);

interface BadInput {
  readonly title: string;
  readonly body: object;
  readonly pointers: readonly string[];
  /** Default `REQUEST_INVALID`. */
  readonly code?: FaultCode;
}

const BAD: readonly BadInput[] = [
  {
    title: 'a catalogue entry that does not exist',
    body: submission({ catalogueCode: `${ISSUER}999` }),
    pointers: ['/catalogueCode CATALOGUE_UNKNOWN'],
  },
  {
    title: 'a retired catalogue entry',
    body: submission({ catalogueCode: CODES.retired }),
    pointers: ['/catalogueCode CATALOGUE_RETIRED'],
  },
  {
    title: 'a catalogue entry not yet in force',
    body: submission({ catalogueCode: CODES.future }),
    pointers: ['/catalogueCode CATALOGUE_NOT_IN_FORCE'],
  },
  {
    title: 'a missing field',
    body: submission({ fields: { licenceNumber: '施字第2026000001号' } }),
    pointers: ['/fields/projectName FIELD_REQUIRED'],
  },
  {
    title: 'a blank field',
    body: submission({}, { projectName: ' 　 ' }),
    pointers: ['/fields/projectName FIELD_REQUIRED'],
  },
  {
    title: 'a field too long',
    body: submission({}, { projectName: long(61) }),
    pointers: ['/fields/projectName FIELD_TOO_LONG'],
  },
  {
    title: 'a field of the wrong pattern',
    body: submission({}, { address: '样例路<script>' }),
    pointers: ['/fields/address FIELD_PATTERN'],
  },
  {
    title: 'a licence number of the wrong pattern',
    body: submission({}, { licenceNumber: '施字第20260001号' }),
    pointers: ['/fields/licenceNumber FIELD_PATTERN'],
  },
  {
    title: 'a value that is not in the code list',
    body: submission({}, { kind: 'toString' }),
    pointers: ['/fields/kind FIELD_NOT_IN_CODE_LIST'],
  },
  {
    title: 'a field the entry does not have, also by a name every object has',
    body: submission({}, { 'a/b~c': '1', constructor: '1', toString: '1' }),
    pointers: ['/fields/a~1b~0c FIELD_UNKNOWN', '/fields/constructor FIELD_UNKNOWN', '/fields/toString FIELD_UNKNOWN'],
  },
  {
    title: 'a number that is none',
    body: submission({}, { areaSquareMetres: '一千' }),
    pointers: ['/fields/areaSquareMetres FIELD_TYPE'],
  },
  {
    title: 'a date that does not exist',
    body: submission({ validFrom: '2026-13-01' }, { startOn: '2026-02-30' }),
    pointers: ['/fields/startOn DATE_IMPOSSIBLE', '/validFrom DATE_IMPOSSIBLE'],
  },
  {
    title: 'a validity that runs backwards',
    body: submission({ validFrom: '2026-03-02', validTo: '2026-03-01' }),
    pointers: ['/validTo VALIDITY_BACKWARDS'],
  },
  {
    title: 'a validity where the entry has none, and a natural person where it has none',
    body: submission({ catalogueCode: CODES.permanent, holders: [person], validTo: '2030-01-01' }),
    pointers: ['/validTo VALIDITY_NOT_ALLOWED', '/holders/0/type HOLDER_TYPE_NOT_ALLOWED'],
  },
  {
    title: 'no validity where the entry wants it stated',
    body: submission({ catalogueCode: CODES.natural, holders: [person] }),
    pointers: ['/validTo VALIDITY_REQUIRED'],
  },
  {
    title: 'a body’s code with a wrong check character',
    body: submission({
      holders: [{ ...company, number: `${COMPANY.slice(0, 17)}${COMPANY.endsWith('0') ? '1' : '0'}` }],
    }),
    pointers: ['/holders/0/number HOLDER_NUMBER_WRONG'],
  },
  {
    title: 'a person’s number with a wrong check character, born on a day that does not exist, too short, or twice',
    body: submission({
      catalogueCode: CODES.natural,
      validTo: '2030-01-01',
      holders: ['990101199001010014', '990101199002300010', '99010119900101001', CITIZEN, CITIZEN].map((number) => ({
        ...person,
        number,
      })),
    }),
    pointers: [
      '/holders/0/number HOLDER_NUMBER_WRONG',
      '/holders/1/number HOLDER_NUMBER_WRONG',
      '/holders/2/number HOLDER_NUMBER_WRONG',
      '/holders/4/number ALREADY_EXISTS',
    ],
  },
  { title: 'no holder at all', body: submission({ holders: [] }), pointers: ['/holders FIELD_REQUIRED'] },
  {
    title: 'a character that no font has',
    body: submission({ holders: [{ ...company, name: '样例𓀀公司' }] }, { projectName: '样例\u{10ffff}花园' }),
    pointers: ['/fields/projectName GLYPH_MISSING', '/holders/0/name GLYPH_MISSING'],
  },
  {
    title: 'a text that does not fit its place',
    body: submission({ holders: [{ ...company, name: long(200) }] }),
    pointers: ['/holders/0/name TEXT_OVERFLOW'],
  },
  {
    title: 'the flag of secrecy',
    body: submission({ classified: true }),
    pointers: ['/classified CLASSIFIED_REFUSED'],
  },
  {
    title: 'a mark of secrecy in a field',
    body: submission({}, { projectName: '秘密★10年' }),
    pointers: ['/fields/projectName CLASSIFIED_REFUSED'],
  },
  {
    title: 'a case that will be closed tomorrow',
    body: submission({ closedAt: '2026-03-03T08:00:00+08:00' }),
    pointers: ['/closedAt CLOSED_IN_FUTURE'],
  },
  {
    title: 'a commitment where the entry allows none',
    body: submission({ catalogueCode: CODES.permanent, commitment: true }),
    pointers: ['/commitment COMMITMENT_NOT_ALLOWED'],
  },
  {
    title: 'properties of the wrong kind, missing or unknown',
    body: {
      catalogueCode: ENTRY.code,
      holders: [{ type: 'ghost', number: 7 }],
      fields: { projectName: 1 },
      extra: true,
    },
    pointers: [
      '/holders/0/name FIELD_REQUIRED',
      '/holders/0/type FIELD_NOT_IN_CODE_LIST',
      '/holders/0/number FIELD_TYPE',
      '/fields/projectName FIELD_TYPE',
      '/extra FIELD_UNKNOWN',
    ],
  },
  { title: 'a list instead of an object', body: [], pointers: [' FIELD_TYPE'] },
  {
    title: 'many faults, all at once',
    body: submission(
      {
        holders: [{ ...company, number: '91419900MA0000000' }],
        validFrom: '2026-05-01',
        validTo: '2026-04-31',
        classified: true,
      },
      { projectName: '', address: '<>', startOn: '昨天', kind: 'x', licenceNumber: 'X', nosuch: '' },
    ),
    pointers: [
      '/holders/0/number HOLDER_NUMBER_WRONG',
      '/validTo DATE_IMPOSSIBLE',
      '/classified CLASSIFIED_REFUSED',
      '/fields/projectName FIELD_REQUIRED',
      '/fields/address FIELD_PATTERN',
      '/fields/startOn DATE_IMPOSSIBLE',
      '/fields/kind FIELD_NOT_IN_CODE_LIST',
      '/fields/licenceNumber FIELD_PATTERN',
      '/fields/nosuch FIELD_UNKNOWN',
    ],
  },
];

describe('a submission that is refused whole', () => {
  let web: Web;

  before(async function () {
    this.timeout(60_000);
    web = await openWeb();
    const save = (changes: Partial<CatalogueDefinition>) => saveEntry(web.house, clerk, { ...ENTRY, ...changes });
    await save({ code: CODES.retired });
    await save({ code: CODES.future, inForceFrom: '2026-03-03' });
    await save({ code: CODES.natural, holderType: 'natural', validity: { kind: 'stated' } });
    await save({ code: CODES.permanent, validity: { kind: 'permanent' }, commitment: false });
    const hand = await web.person('issuer.clerk');
    expect((await hand.post(`/api/v1/catalogue/${CODES.retired}/retire`, {})).status).to.equal(200);
  });

  after(() => web.close());

  for (const { title, body, pointers, code = 'REQUEST_INVALID' } of BAD) {
    it(`has ${title}`, async () => {
      const hand = await web.person('issuer.clerk');
      const response = await storingNothing(web, async () => hand.post('/api/v1/licences', body));
      expectProblem(response, 400, code, pointers);
    });
  }

  for (const [name, character] of Object.entries({
    'the character NUL': '\0',
    'a tabulator': '\t',
    'a space of no width': '\u200b',
    'an order to write backwards': '\u202e',
    'a character of private use': '\ue000',
    'half a surrogate pair': '\ud800',
  })) {
    it(`has ${name} in a field, a name or a case number`, async () => {
      const text = `样${character}例`;
      const body = submission(
        { holders: [{ ...company, name: text }], caseNumber: `AJ${character}1` },
        { projectName: text },
      );
      const hand = await web.person('issuer.clerk');
      const response = await storingNothing(web, async () => hand.post('/api/v1/licences', body));
      const problem = expectProblem(response, 400, 'REQUEST_INVALID', [
        '/fields/projectName CONTROL_CHARACTER',
        '/holders/0/name CONTROL_CHARACTER',
        '/caseNumber CONTROL_CHARACTER',
      ]);
      expect(JSON.stringify(problem)).to.not.include(character);
    });
  }

  it('comes from another department than the entry’s', async () => {
    const foreign = await web.person('issuer.clerk', OTHER_ISSUER);
    const response = await storingNothing(web, async () => foreign.post('/api/v1/licences', submission()));
    expectProblem(response, 403, 'FOREIGN_ISSUER');
  });

  it('has a number that is in use', async () => {
    const first = submission();
    await submit(web, first);
    const hand = await web.person('issuer.clerk');
    const response = await storingNothing(web, async () => hand.post('/api/v1/licences', first));
    expectProblem(response, 409, 'LICENCE_NUMBER_DUPLICATE', ['/fields/licenceNumber LICENCE_NUMBER_DUPLICATE']);
  });
});
