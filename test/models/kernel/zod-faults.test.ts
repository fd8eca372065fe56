import { expect } from 'chai';
import { z } from 'zod';
import { toPointedFaults } from '../../../models/kernel/zod-faults.ts';

describe('faults of a shape', () => {
  const schema = z.strictObject({ name: z.string().max(3), kinds: z.array(z.enum(['a', 'b'])), count: z.number() });
  const faultsOf = (value: unknown, at: readonly PropertyKey[] = []) => {
    const result = schema.safeParse(value, { reportInput: true });
    return toPointedFaults(result.error?.issues ?? [], at).map(({ pointer, code }) => `${pointer} ${code}`);
  };

  it('are all named at once, each at its place, every unknown key among them', () => {
    expect(faultsOf({ name: 'long', kinds: ['a', 'z'], 'x/y': 1, z: 2 })).to.have.members([
      '/name FIELD_TOO_LONG',
      '/kinds/1 FIELD_NOT_IN_CODE_LIST',
      '/count FIELD_REQUIRED',
      '/x~1y FIELD_UNKNOWN',
      '/z FIELD_UNKNOWN',
    ]);
  });

  it('tell an instant that does not exist from what is no instant', () => {
    const instant = z.strictObject({ at: z.iso.datetime({ offset: true }) });
    const codeOf = (at: string) =>
      toPointedFaults(instant.safeParse({ at }, { reportInput: true }).error?.issues ?? []).map(({ code }) => code);
    expect(codeOf('2026-02-28T10:00:00+08:00')).to.deep.equal([]);
    expect(codeOf('2026-02-30T10:00:00+08:00')).to.deep.equal(['DATE_IMPOSSIBLE']);
    expect(codeOf('2026-02-28T25:00:00Z')).to.deep.equal(['DATE_IMPOSSIBLE']);
    expect(codeOf('28.2.2026')).to.deep.equal(['FIELD_PATTERN']);
  });

  it('stand below the place they were read from', () => {
    expect(faultsOf({ name: 1, kinds: [], count: 1 }, ['definition'])).to.deep.equal(['/definition/name FIELD_TYPE']);
  });
});
