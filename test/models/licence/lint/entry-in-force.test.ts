import { expect } from 'chai';
import { entryInForce } from '../../../../models/licence/lint/entry-in-force.ts';
import { lint } from './context.ts';

describe('lint: the entry is in force', () => {
  it('passes an entry on its first and on its last day', () => {
    expect(lint(entryInForce, { entry: { inForceFrom: '2026-03-02', inForceTo: '2026-03-02' } })).to.deep.equal([]);
  });

  it('refuses an entry that is retired, or whose time is over', () => {
    expect(lint(entryInForce, { entry: { state: 'retired' } })).to.deep.equal(['/catalogueCode CATALOGUE_RETIRED']);
    expect(lint(entryInForce, { entry: { inForceTo: '2026-03-01' } })).to.deep.equal([
      '/catalogueCode CATALOGUE_RETIRED',
    ]);
  });

  it('refuses an entry whose time has not come, by the date in Shanghai', () => {
    const entry = { inForceFrom: '2026-03-03' };
    expect(lint(entryInForce, { entry, now: '2026-03-02T15:59:59Z' })).to.deep.equal([
      '/catalogueCode CATALOGUE_NOT_IN_FORCE',
    ]);
    expect(lint(entryInForce, { entry, now: '2026-03-02T16:00:00Z' })).to.deep.equal([]);
  });

  it('judges a licence by the version it was submitted under, though a newer one is there', () => {
    expect(lint(entryInForce, { entry: { state: 'superseded' } })).to.deep.equal([]);
  });
});
