import { expect } from 'chai';
import {
  readCatalogueState,
  readCategory,
  readFileType,
  readLicenceState,
  readLicenceType,
  readStatus,
  readWhose,
  toCatalogueState,
  toCategory,
  toFileType,
  toLicenceState,
  toLicenceType,
  toWhose,
} from '../../../exchange/henan/code-lists.ts';
import { HOLDER_NUMBER_TYPES, kindOfHolder, kindOfHolders } from '../../../exchange/henan/code-lists-holders.ts';
import { findAct } from '../../../exchange/henan/code-lists-moves.ts';
import { CATEGORIES, catalogueDefinitionSchema } from '../../../models/catalogue/index.ts';
import { LICENCE_STATUSES, type LicenceStatus } from '../../../models/licence/index.ts';
import { nextStatus } from '../../../models/licence/states.ts';

const STATUSES = Object.keys(LICENCE_STATUSES) as LicenceStatus[];
const STATES = [11, -10, -4, -5] as const;

describe('Henan’s code lists', () => {
  it('have an image of every status of ours, and read each of theirs as the one that means just that', () => {
    expect(new Set(STATUSES.map(toLicenceState))).to.deep.equal(new Set(STATES));
    for (const state of STATES) expect(toLicenceState(readStatus(state)), String(state)).to.equal(state);
    expect(STATES.map(readStatus)).to.deep.equal(['valid', 'suspended', 'expired', 'voided']);
  });

  it('read states however a column keeps them, and nothing that is not in the list', () => {
    for (const written of [11, '11', ' 11 ']) expect(readLicenceState(written)).to.equal(11);
    for (const other of [0, 1, -2, 5, 6, '', null, undefined, 'valid', '11.0', 1.1, '1e1', true])
      expect(readLicenceState(other), String(other)).to.equal(undefined);
    expect([11, -2, 0, -5, null].map(readCatalogueState)).to.deep.equal([
      'in-force',
      'retired',
      undefined,
      undefined,
      undefined,
    ]);
    expect([readCategory(0), readCategory('1'), readCategory(2), readCategory(null)]).to.deep.equal([
      'approval-document',
      'licence',
      undefined,
      undefined,
    ]);
    expect([0, 1, 2, 3, -1, null].map(readWhose)).to.deep.equal([
      'natural',
      'legal',
      'both',
      undefined,
      undefined,
      undefined,
    ]);
    expect([readFileType('OFD'), readFileType('PDF'), readFileType('pdf'), readFileType('JPG')]).to.deep.equal([
      'ofd',
      'pdf',
      undefined,
      undefined,
    ]);
  });

  it('lose nothing of an entry’s kind, category, holders and file formats on the way there and back', () => {
    const { fileKind, holderType } = catalogueDefinitionSchema.shape;
    for (const kind of fileKind.options) expect(readCategory(toCategory(kind))).to.equal(kind);
    for (const kind of holderType.options) expect(readWhose(toWhose(kind))).to.equal(kind);
    for (const category of Object.keys(CATEGORIES) as (keyof typeof CATEGORIES)[])
      expect(readLicenceType(toLicenceType(category))).to.equal(category);
    for (const format of ['ofd', 'pdf'] as const) expect(readFileType(toFileType(format))).to.equal(format);
    for (const state of ['in-force', 'retired'] as const)
      expect(readCatalogueState(toCatalogueState(state))).to.equal(state);
    expect(toCatalogueState('superseded')).to.equal(11);
  });

  it('know whom every code type of GB/T 36903 Annex A belongs to, and no other', () => {
    expect(Object.keys(HOLDER_NUMBER_TYPES)).to.have.length(16);
    expect(kindOfHolder('001')).to.equal('legal');
    expect(kindOfHolder('111')).to.equal('natural');
    expect(kindOfHolder('553')).to.equal(undefined);
    expect(kindOfHolder('toString')).to.equal(undefined);
    expect(kindOfHolders([{ type: 'natural' }])).to.equal('natural');
    expect(kindOfHolders([{ type: 'legal' }, { type: 'legal' }])).to.equal('legal');
    expect(kindOfHolders([{ type: 'natural' }, { type: 'legal' }])).to.equal('both');
  });

  it('ask for nothing when a licence stands where its row says, and otherwise for the act that leads there', () => {
    for (const status of STATUSES) expect(findAct(status, toLicenceState(status)), status).to.equal(undefined);
    for (const status of STATUSES) {
      for (const state of STATES) {
        const act = findAct(status, state);
        const next = act && nextStatus(status, act);
        if (next) expect(toLicenceState(next), `${status} ${state}`).to.equal(state);
      }
    }
    expect(findAct('valid', -10)).to.equal('suspend');
    expect(findAct('suspended', 11)).to.equal('resume');
    expect(findAct('valid', -5)).to.equal('void');
    expect(findAct('not-yet-effective', 11)).to.equal(undefined);
    expect(nextStatus('cancelled', findAct('cancelled', 11) ?? 'expire')).to.equal(undefined);
  });
});
