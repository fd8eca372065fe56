import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect } from 'chai';
import fc from 'fast-check';
import { catalogueDefinitionSchema } from '../../../models/catalogue/definition.ts';
import type { CatalogueColumns } from '../../../models/catalogue/rows.ts';
import { isRealDate } from '../../../models/kernel/clock.ts';
import { LINT_RULES } from '../../../models/licence/lint-licence.ts';
import { checkStock } from '../../../models/licence/stock.ts';
import { type Submission, submissionSchema } from '../../../models/licence/submission.ts';
import { readDemoEntries } from '../../../server/demo/read-demo-entries.ts';
import { toFormSchema } from '../../../server/pages/form-schema.ts';
import { toUiSchema } from '../../../server/pages/ui-schema.ts';
import { openFontBook } from '../../../signing/index.ts';

/** What can be told from the form of one value alone. Faces, check digits and dates against each other are the lint's own. */
const OF_FORM = new Set([
  ...['FIELD_REQUIRED', 'FIELD_UNKNOWN', 'FIELD_PATTERN', 'FIELD_TOO_LONG', 'FIELD_TYPE', 'FIELD_NOT_IN_CODE_LIST'],
  ...['DATE_IMPOSSIBLE', 'CONTROL_CHARACTER', 'HOLDER_TYPE_NOT_ALLOWED', 'COMMITMENT_NOT_ALLOWED'],
  ...['VALIDITY_REQUIRED', 'VALIDITY_NOT_ALLOWED'],
]);
const RULES = LINT_RULES.filter(({ name }) => name !== 'face-fits');

const value = fc.oneof(
  fc.constantFrom(
    '',
    ' ',
    '2026-02-30',
    '2026-03-02',
    '12',
    '-1.5',
    '1.1234567',
    'a\u0000b',
    'a\nb',
    '长'.repeat(2001),
    'x<y',
  ),
  fc.string({ maxLength: 30 }),
  fc.string({ unit: 'grapheme', maxLength: 130 }),
);
const change = fc.record({
  what: fc.constantFrom(
    'field',
    'drop',
    'unknown',
    'validTo',
    'validFrom',
    'no-validTo',
    'commitment',
    'holder',
    'case',
    'stock',
    'succeeds',
  ),
  at: fc.nat(),
  value,
});
type Change = typeof change extends fc.Arbitrary<infer T> ? T : never;

describe('the form schema of each of the twelve demonstration entries', () => {
  const ajv = new Ajv2020({ strict: true, formats: { date: isRealDate, 'date-time': true } });
  const kinds: { entry: CatalogueColumns; sample: Submission; accepts: (body: unknown) => boolean }[] = [];

  before(async () => {
    for (const { definition: raw, sample } of (await readDemoEntries()).entries) {
      const definition = catalogueDefinitionSchema.parse(raw);
      const { code, name } = definition;
      const schema = toFormSchema({ code, version: 1, name, definition });
      const entry = {
        code,
        version: 1,
        name,
        definition,
        state: 'in-force',
        inForceFrom: '2020-01-01',
      } as unknown as CatalogueColumns;
      kinds.push({
        entry,
        sample: { catalogueCode: code, ...structuredClone(sample) } as unknown as Submission,
        accepts: ajv.compile(schema),
      });
    }
    expect(kinds).to.have.length(12);
  });

  function alter(submission: Submission, { what, at, value: given }: Change): void {
    const body = submission as { -readonly [K in keyof Submission]: Submission[K] };
    const keys = Object.keys(body.fields);
    const key = keys[at % Math.max(1, keys.length)] ?? 'x';
    const [holder] = body.holders;
    if (what === 'field') body.fields[key] = given;
    if (what === 'drop') delete body.fields[key];
    if (what === 'unknown') body.fields[`no${at % 9}`] = given;
    if (what === 'validTo' || what === 'validFrom') body[what] = given;
    if (what === 'no-validTo') delete body.validTo;
    if (what === 'commitment') body.commitment = true;
    if (what === 'holder' && holder)
      Object.assign(holder, at % 2 ? { name: given } : { type: at % 3 ? 'natural' : 'legal' });
    if (what === 'case') body.caseNumber = given;
    if (what === 'stock') {
      body.stock = { issuedOn: at % 4 ? '2024-05-06' : given };
      if (at % 2) delete body.fields.licenceNumber;
    }
    if (what === 'succeeds') body.succeeds = { identifier: '1.2.156', act: 'renew', reason: given };
  }

  it('takes its sample, and shows every property it has in an order', () => {
    for (const { entry, sample, accepts } of kinds) {
      expect(accepts(sample), entry.name).to.equal(true);
      const fields = toUiSchema(entry.definition).fields as { 'ui:order': string[] };
      expect(fields['ui:order']).to.deep.equal(entry.definition.fields.map(({ key }) => key));
    }
  });

  it('takes nothing that a submission’s shape refuses, nor what the lint refuses for its form', function () {
    this.timeout(30_000);
    const common = { now: new Date('2026-03-02T01:00:00Z'), today: '2026-03-02', fonts: openFontBook('assets/fonts') };
    let taken = 0;
    fc.assert(
      fc.property(fc.nat({ max: 11 }), fc.array(change, { minLength: 1, maxLength: 2 }), (nth, changes) => {
        const kind = kinds[nth];
        if (!kind) return false;
        const submission = structuredClone(kind.sample);
        for (const one of changes) alter(submission, one);
        if (!kind.accepts(submission)) return true;
        taken += 1;
        if (!submissionSchema.safeParse(submission).success) return false;
        const context = { ...common, entry: kind.entry, submission, sampleMark: true, issuerName: '样例局' };
        const found = [
          ...RULES.flatMap((rule) => rule.check(context)),
          ...checkStock({ clock: () => common.now }, submission, {}, kind.entry),
        ];
        // Whether it is still valid by its own dates is a matter of content.
        return found.every(
          ({ code, pointer }) => !OF_FORM.has(code) || (pointer === '/stock/issuedOn' && code !== 'FIELD_REQUIRED'),
        );
      }),
      { numRuns: 1500 },
    );
    expect(taken).to.be.greaterThan(100);
  });
});
