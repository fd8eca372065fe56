import { expect } from 'chai';
import type { FieldDefinition } from '../../../../models/catalogue/definition.ts';
import { fieldsFollowSchema } from '../../../../models/licence/lint/fields-follow-schema.ts';
import { ENTRY } from '../../../world/sample-entry.ts';
import { lint, withFields } from './context.ts';

const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const faults = (fields: Readonly<Record<string, string>>) => lint(fieldsFollowSchema, withFields(fields));

describe('lint: fields follow the schema', () => {
  it('passes fields that are right, also those left empty that may be', () => {
    expect(faults({ startOn: '2026-03-02', areaSquareMetres: '1234.5', kind: 'fj', address: '' })).to.deep.equal([]);
  });

  it('names a field that is missing or blank', () => {
    expect(faults({ projectName: ' ' })).to.deep.equal(['/fields/projectName FIELD_REQUIRED']);
    expect(lint(fieldsFollowSchema, { submission: { fields: {} } })).to.deep.equal([
      '/fields/projectName FIELD_REQUIRED',
    ]);
  });

  it('does not ask for a number that the repository makes, and asks for it where it makes none', () => {
    expect(faults({ licenceNumber: '' })).to.deep.equal([]);
    const numberFormat = { pattern: '.', example: 'x' };
    expect(
      lint(fieldsFollowSchema, { ...withFields({ licenceNumber: '' }), definition: { numberFormat } }),
    ).to.deep.equal(['/fields/licenceNumber FIELD_REQUIRED']);
  });

  it('names a field the entry does not have, its pointer escaped', () => {
    expect(faults({ 'a/b~c': 'x', constructor: 'x' })).to.deep.equal([
      '/fields/a~1b~0c FIELD_UNKNOWN',
      '/fields/constructor FIELD_UNKNOWN',
    ]);
  });

  it('counts a length in characters, not in halves of them', () => {
    expect(faults({ projectName: '𠮷'.repeat(60) })).to.deep.equal([]);
    expect(faults({ projectName: '𠮷'.repeat(61) })).to.deep.equal(['/fields/projectName FIELD_TOO_LONG']);
  });

  it('refuses what does not have the form the entry states', () => {
    expect(faults({ address: '<b>' })).to.deep.equal(['/fields/address FIELD_PATTERN']);
  });

  for (const [name, text] of Object.entries({
    NUL: 'a\0',
    override: 'a\u202eb',
    joiner: 'a\u200db',
    privateUse: 'a\ue000',
    half: 'a\ud800',
  })) {
    it(`refuses an invisible character: ${name}`, () => {
      expect(faults({ projectName: text })).to.deep.equal(['/fields/projectName CONTROL_CHARACTER']);
    });
  }

  it('lets a line feed pass', () => expect(faults({ projectName: '一\n二' })).to.deep.equal([]));

  it('refuses dates that never were, numbers that are none, and codes that are not listed', () => {
    expect(faults({ startOn: '2026-02-30', areaSquareMetres: '1e3', kind: 'sz' })).to.deep.equal([
      '/fields/startOn DATE_IMPOSSIBLE',
      '/fields/areaSquareMetres FIELD_TYPE',
      '/fields/kind FIELD_NOT_IN_CODE_LIST',
    ]);
  });

  const withField = (field: Partial<FieldDefinition>, value: string) =>
    lint(fieldsFollowSchema, {
      ...withFields({ extra: value }),
      definition: {
        fields: [...ENTRY.fields, { key: 'extra', name: '附加', type: 'text', required: false, ...field }],
      },
    });

  it('takes whole numbers of up to 18 digits', () => {
    expect(withField({ type: 'integer' }, '-123456789012345678')).to.deep.equal([]);
    for (const value of ['1.0', '１', '1234567890123456789', '']) {
      expect(withField({ type: 'integer' }, value)).to.deep.equal(value === '' ? [] : ['/fields/extra FIELD_TYPE']);
    }
  });

  it('takes a PNG as a picture, and nothing that is none', () => {
    expect(withField({ type: 'image' }, PNG)).to.deep.equal([]);
    expect(withField({ type: 'image' }, Buffer.from('<svg/>').toString('base64'))).to.deep.equal([
      '/fields/extra IMAGE_UNREADABLE',
    ]);
    expect(withField({ type: 'image' }, 'A'.repeat(4_000_001))).to.deep.equal(['/fields/extra FIELD_TOO_LONG']);
  });

  it('names all faults of all fields at once', () => {
    expect(faults({ projectName: '', address: '<', startOn: 'x', other: '1' })).to.have.length(4);
  });
});
