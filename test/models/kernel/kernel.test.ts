import { createHash, randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { inspect } from 'node:util';
import { expect } from 'chai';
import fc from 'fast-check';
import { canonicalJson } from '../../../models/kernel/canonical-json.ts';
import { addDays, endOfShanghaiDate, isRealDate, toChineseDate, toShanghaiDate } from '../../../models/kernel/clock.ts';
import { hmacSm3, sm3Hex } from '../../../models/kernel/digest.ts';
import { describeFault, Fault, throwFaults } from '../../../models/kernel/fault.ts';
import { FAULTS } from '../../../models/kernel/fault-codes.ts';
import { makeFieldCipher } from '../../../models/kernel/field-cipher.ts';
import { makeNewId, toBase32 } from '../../../models/kernel/ids.ts';
import { pageLimit, toPage } from '../../../models/kernel/page.ts';
import { isDeadOwner, processOwner } from '../../../models/kernel/process-owner.ts';
import { maskName, maskNumber, Sensitive } from '../../../models/kernel/sensitive.ts';
import { DEAD_OWNER } from '../../world/dead-owner.ts';
import { FixedClock } from '../../world/fixed-clock.ts';

const random = (count: number) => new Uint8Array(randomBytes(count));

describe('canonical JSON', () => {
  it('sorts the keys at every depth and keeps the order of lists', () => {
    expect(canonicalJson({ b: [{ d: 1, c: null }, 2], a: '证' })).to.equal('{"a":"证","b":[{"c":null,"d":1},2]}');
  });

  it('leaves out what is undefined, and writes a hole of a list as null', () => {
    expect(canonicalJson({ a: undefined, b: [undefined] })).to.equal('{"b":[null]}');
  });

  it('says the same facts in the same bytes, in whatever order they came and after a round trip', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (facts) => {
        const reversed = Object.fromEntries(Object.entries(facts).reverse());
        expect(canonicalJson(reversed)).to.equal(canonicalJson(facts));
        expect(canonicalJson(JSON.parse(JSON.stringify(facts)))).to.equal(canonicalJson(facts));
      }),
    );
  });

  it('writes dates and masked values as JSON does, so that what is hashed is what is stored', () => {
    const facts = { at: new Date(0), number: new Sensitive('11010519491231002X') };
    expect(canonicalJson(facts)).to.equal(canonicalJson(JSON.parse(JSON.stringify(facts))));
  });
});

describe('SM3 digests', () => {
  it('give the value of GB/T 32905-2016 annex A.1 for abc, also when it comes in parts', () => {
    const expected = '66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0';
    expect(sm3Hex('abc')).to.equal(expected);
    expect(sm3Hex('a', new Uint8Array([98]), 'c')).to.equal(expected);
  });

  it('keyed, depend on every part and on the key', () => {
    const key = new Uint8Array(32);
    expect(hmacSm3(key, 'a', 'b')).to.deep.equal(hmacSm3(key, 'ab'));
    expect(hmacSm3(key, 'ab')).to.not.deep.equal(hmacSm3(new Uint8Array(32).fill(1), 'ab'));
  });
});

describe('the field cipher', () => {
  const cipher = makeFieldCipher(new Uint8Array(32).fill(7), random);

  it('gives back what it was given, and never the same cipher text twice', () => {
    fc.assert(
      fc.property(fc.string(), (plain) => {
        const one = cipher.encrypt('holders.number', plain);
        expect(cipher.decrypt('holders.number', one)).to.equal(plain);
        expect(cipher.encrypt('holders.number', plain)).to.not.equal(one);
      }),
    );
  });

  it('refuses a value that was moved to another column', () => {
    const stored = cipher.encrypt('holders.number', '11010519491231002X');
    expect(() => cipher.decrypt('organisation_persons.phone', stored)).to.throw('altered');
  });

  it('refuses a value of which any one bit was changed, and one cut short', () => {
    const stored = Buffer.from(cipher.encrypt('holders.number', '11010519491231002X'), 'base64');
    for (let bit = 0; bit < stored.length * 8; bit += 1) {
      const altered = Buffer.from(stored);
      altered.writeUInt8(altered.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      expect(() => cipher.decrypt('holders.number', altered.toString('base64'))).to.throw('altered');
    }
    for (const length of [0, 1, 31, 32, 48, stored.length - 1]) {
      const cut = stored.subarray(0, length).toString('base64');
      expect(() => cipher.decrypt('holders.number', cut)).to.throw('altered');
    }
  });

  it('refuses a value that was encrypted with another master key', () => {
    const other = makeFieldCipher(new Uint8Array(32).fill(8), random);
    expect(() => cipher.decrypt('a.b', other.encrypt('a.b', '1'))).to.throw('another key');
  });

  it('gives one value one index, another in another column and with another key', () => {
    const index = cipher.blindIndex('holders.number', '11010519491231002X');
    expect(index).to.match(/^[0-9a-f]{32}$/);
    expect(cipher.blindIndex('holders.number', '11010519491231002X')).to.equal(index);
    expect(cipher.blindIndex('other.number', '11010519491231002X')).to.not.equal(index);
    const other = makeFieldCipher(new Uint8Array(32).fill(8), random);
    expect(other.blindIndex('holders.number', '11010519491231002X')).to.not.equal(index);
  });
});

describe('a sensitive value', () => {
  const value = new Sensitive('11010519491231002X');

  it('shows its mask wherever it is printed', () => {
    const mask = '1101**********002X';
    expect(inspect(value)).to.equal(mask);
    expect(inspect({ deep: [value] }, { depth: 9 }))
      .to.contain(mask)
      .and.not.contain('0519491231');
    expect(JSON.stringify({ value })).to.equal(`{"value":"${mask}"}`);
    expect(`${value}`).to.equal(mask);
    expect(String(value)).to.equal(mask);
    expect(inspect(value, { showHidden: true })).to.not.contain('0519491231');
  });

  it('shows itself only when asked to', () => expect(value.reveal()).to.equal('11010519491231002X'));

  it('keeps nothing of a short value and one character at each end of a middling one', () => {
    expect(maskNumber('1234')).to.equal('****');
    expect(maskNumber('12345')).to.equal('1***5');
    expect(maskNumber('')).to.equal('');
  });

  it('keeps the first character of a name, a rare one whole', () => {
    expect(maskName('张三丰')).to.equal('张**');
    expect(maskName('𠮷野')).to.equal('𠮷*');
    expect(maskName('')).to.equal('');
  });
});

describe('ids', () => {
  const counting = () => {
    let count = 0;
    return (length: number) => {
      count += 1;
      return new Uint8Array(createHash('sha512').update(String(count)).digest().subarray(0, length));
    };
  };

  it('sort as they were made: by time, and within one millisecond', () => {
    const clock = new FixedClock('2026-03-02T00:00:00Z');
    const newId = makeNewId(() => clock.now(), counting());
    const ids: string[] = [];
    for (let step = 0; step < 50; step += 1) {
      for (let same = 0; same < 50; same += 1) ids.push(newId());
      clock.advance({ milliseconds: step % 3 });
    }
    expect(ids).to.deep.equal([...ids].sort());
    expect(new Set(ids).size).to.equal(2500);
    for (const id of ids) expect(id).to.match(/^[0-9A-HJKMNP-TV-Z]{26}$/);
  });

  it('go on sorting when the clock is set back', () => {
    const clock = new FixedClock('2026-03-02T00:00:00Z');
    const newId = makeNewId(() => clock.now(), counting());
    const before = newId();
    clock.advance({ hours: -1 });
    expect(newId() > before).to.equal(true);
  });

  it('go on sorting when a millisecond has no more room', () => {
    const clock = new FixedClock('2026-03-02T00:00:00Z');
    const newId = makeNewId(
      () => clock.now(),
      () => new Uint8Array(10).fill(255),
    );
    const [one, two, three] = [newId(), newId(), newId()];
    expect([one, two, three]).to.deep.equal([one, two, three].sort());
    expect(new Set([one, two, three]).size).to.equal(3);
  });

  it('of two processes differ though their clocks agree', () => {
    const clock = new FixedClock();
    expect(makeNewId(() => clock.now(), random)()).to.not.equal(makeNewId(() => clock.now(), random)());
  });

  it('write bytes in base 32 without look-alike letters, five bits a character', () => {
    expect(toBase32(new Uint8Array([0, 0, 0, 0, 0]))).to.equal('00000000');
    expect(toBase32(new Uint8Array(5).fill(255))).to.equal('ZZZZZZZZ');
    expect(toBase32(new Uint8Array([8]))).to.equal('1');
  });
});

describe('the clock of Asia/Shanghai', () => {
  it('changes the date at 16:00 UTC', () => {
    expect(toShanghaiDate(new Date('2026-03-01T15:59:59.999Z'))).to.equal('2026-03-01');
    expect(toShanghaiDate(new Date('2026-03-01T16:00:00.000Z'))).to.equal('2026-03-02');
  });

  it('ends a date at 24:00, which is the next one’s beginning', () => {
    const end = endOfShanghaiDate('2026-12-31');
    expect(end.toISOString()).to.equal('2026-12-31T16:00:00.000Z');
    expect(toShanghaiDate(end)).to.equal('2027-01-01');
    expect(toShanghaiDate(new Date(end.getTime() - 1))).to.equal('2026-12-31');
  });

  it('knows which dates there are', () => {
    for (const date of ['2024-02-29', '2000-02-29', '2026-12-31']) expect(isRealDate(date), date).to.equal(true);
    for (const date of [
      '2026-02-29',
      '1900-02-29',
      '2026-13-01',
      '2026-00-10',
      '2026-04-31',
      '2026-4-1',
      '20260401',
      '',
    ]) {
      expect(isRealDate(date), date).to.equal(false);
    }
  });

  it('counts days over months, years and leap days', () => {
    expect(addDays('2024-02-28', 1)).to.equal('2024-02-29');
    expect(addDays('2026-12-31', 1)).to.equal('2027-01-01');
    expect(addDays('2026-03-01', -1)).to.equal('2026-02-28');
  });

  it('goes no further than the last date of four digits', () => {
    expect(addDays('9999-12-30', 1)).to.equal('9999-12-31');
    expect(addDays('9999-12-31', 400)).to.equal('9999-12-31');
    expect(addDays('0000-01-01', -1)).to.equal('0000-01-01');
  });

  it('writes a date as it stands on a face', () => {
    expect(toChineseDate('2026-03-02')).to.equal('2026年3月2日');
  });
});

describe('faults', () => {
  it('have a kind and a sentence in both languages, each code once', () => {
    for (const [code, { zh, en }] of Object.entries(FAULTS)) {
      expect(zh, code).to.match(/\p{Script=Han}/u);
      expect(en, code).to.match(/^[A-Z][^\p{Script=Han}]+$/u);
    }
  });

  it('of a submission are thrown all at once, and none is no fault', () => {
    expect(() => throwFaults([])).to.not.throw();
    const errors = [
      { pointer: '/a', code: 'FIELD_REQUIRED' },
      { pointer: '/b', code: 'FIELD_TYPE' },
    ] as const;
    expect(() => throwFaults(errors))
      .to.throw(Fault)
      .with.deep.include({ code: 'REQUEST_INVALID', errors });
  });

  it('that are all one conflict keep their own code', () => {
    expect(() => throwFaults([{ pointer: '/a', code: 'ALREADY_EXISTS' }]))
      .to.throw(Fault)
      .with.include({ code: 'ALREADY_EXISTS' });
  });

  it('are described with what a person needs to mend them', () => {
    const described = describeFault({ code: 'FIELD_TOO_LONG', detail: '60' });
    expect(described.zh).to.equal(`${FAULTS.FIELD_TOO_LONG.zh}：60`);
    expect(described.en).to.equal(`${FAULTS.FIELD_TOO_LONG.en}: 60`);
  });
});

describe('pages', () => {
  it('end with null, and otherwise with the cursor of their last item', () => {
    expect(toPage(['a', 'b', 'c'], 2, (item) => item)).to.deep.equal({ items: ['a', 'b'], next: 'b' });
    expect(toPage(['a', 'b'], 2, (item) => item)).to.deep.equal({ items: ['a', 'b'], next: null });
    expect(toPage([], 2, String)).to.deep.equal({ items: [], next: null });
  });

  it('are never larger than allowed nor smaller than one', () => {
    expect([pageLimit({}), pageLimit({ limit: 0 }), pageLimit({ limit: 9999 })]).to.deep.equal([50, 1, 200]);
  });
});

describe('the owner of an intent', () => {
  const [, pid, started, place = ''] = /:(\d+):(\d+)(@.*)$/.exec(processOwner()) ?? [];
  const other = (change: readonly [string, string]) => processOwner().replace(...change);

  it('lives while its process does', () => {
    expect(isDeadOwner(processOwner())).to.equal(false);
    expect(isDeadOwner(other([`:${pid}:${started}`, `:${process.ppid}:1`]))).to.equal(false);
  });

  it('is dead when its process is gone, or another has its number', () => {
    expect(isDeadOwner(DEAD_OWNER)).to.equal(true);
    expect(isDeadOwner(other([`:${started}@`, `:${Number(started) - 1}@`]))).to.equal(true);
  });

  it('is not judged on another host', () =>
    expect(isDeadOwner(DEAD_OWNER.replace(hostname(), 'elsewhere'))).to.equal(false));

  it('is not judged after another boot, nor in another container whose processes have the same numbers', () => {
    const digit = place[1] === '0' ? '1' : '0';
    for (const elsewhere of [`@${digit}${place.slice(2)}`, `${place}1`, `${place.replace(/\.\d+$/, '')}.1`, '']) {
      expect(isDeadOwner(DEAD_OWNER.replace(place, elsewhere)), elsewhere).to.equal(false);
      expect(isDeadOwner(processOwner().replace(`:${started}${place}`, `:1${elsewhere}`)), elsewhere).to.equal(false);
    }
  });
});
