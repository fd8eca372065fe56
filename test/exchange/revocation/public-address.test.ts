import type { LookupAddress, lookup } from 'node:dns';
import { expect } from 'chai';
import { isInside, lookUpOutside, mayAsk } from '../../../exchange/revocation/public-address.ts';

const OUTSIDE = { address: '203.0.114.7', family: 4 };
const INSIDE = { address: '10.0.0.7', family: 4 };

/** A name server that answers in turn. */
function answers(...given: readonly LookupAddress[][]): typeof lookup {
  const left = [...given];
  const ask = (_host: string, _options: object, done: (error: Error | null, found: LookupAddress[]) => void) =>
    done(null, left.shift() ?? []);
  return ask as unknown as typeof lookup;
}

/** The address that is connected to, or the error's name. */
function ask(lookUp: ReturnType<typeof lookUpOutside>, all = false): unknown {
  let got: unknown;
  lookUp('notices.example', { all }, (error, found) => {
    got = error ? error.name : found;
  });
  return got;
}

describe('whom others may send us to', () => {
  it('is connected to at the address that was judged, and to none when one of several lies inside', () => {
    const lookUp = lookUpOutside(answers([OUTSIDE], [INSIDE], [OUTSIDE, INSIDE], []));
    expect(ask(lookUp)).to.equal(OUTSIDE.address);
    for (let again = 0; again < 3; again += 1) expect(ask(lookUp, again === 0)).to.equal('AddressRefused');
  });

  it('is nobody inside, in whatever clothes', () => {
    for (const address of ['::7f00:1', '::ffff:127.0.0.1', '64:ff9b::a00:1', '2002:a00:1::1', 'fec0::1', '2001::1'])
      expect(isInside(address), address).to.equal(true);
    for (const url of ['https://[::1]/', 'https://0x7f.0.0.1/', 'https://017700000001/'])
      expect(mayAsk(new URL(url), []), url).to.equal(false);
    expect(mayAsk(new URL('https://10.0.0.7/'), ['10.0.0.7'])).to.equal(true);
  });
});
