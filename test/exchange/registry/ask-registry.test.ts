import { expect } from 'chai';
import { connectRegistry } from '../../../exchange/registry/ask-registry.ts';
import type { RegistryQuestion } from '../../../models/registry/index.ts';
import type { FaultName } from '../../../server/sandbox/registry/app.ts';
import { FixedClock } from '../../world/fixed-clock.ts';
import { temporaryFolder } from '../../world/temporary-folder.ts';
import { type RegistryProcess, startRegistry } from './registry-process.ts';

const COMPANY: RegistryQuestion = {
  ...{ type: 'legal', numberType: '001', number: '91419901MA0A1001XE' },
  name: '样例市云杉房地产开发有限公司',
};
const PERSON: RegistryQuestion = {
  ...{ type: 'natural', numberType: '111', number: '41990119900228204X' },
  name: '林若溪',
};

describe('the connector to the registries', function () {
  this.timeout(30_000);
  const folder = temporaryFolder();
  let registry: RegistryProcess;
  let count = 0;

  before(async () => {
    registry = await startRegistry(folder.path);
  });
  after(async () => {
    await registry.stop();
    folder.remove();
  });
  afterEach(() => registry.fail('none'));

  const connect = (more: Partial<Parameters<typeof connectRegistry>[0]> = {}) => {
    const time = new FixedClock();
    const random = (length: number) => {
      count += 1;
      return new Uint8Array(length).fill(count);
    };
    const line = { url: registry.url, token: registry.token, clock: () => time.now(), random, ...more };
    return { time, compare: connectRegistry(line).compare };
  };

  it('asks the legal-person registry for bodies and the population registry for persons', async () => {
    const { compare } = connect();
    expect(await compare(COMPANY)).to.deep.equal({ outcome: 'match' });
    expect(await compare(PERSON)).to.deep.equal({ outcome: 'match' });
    expect(await compare({ ...PERSON, type: 'legal' })).to.deep.equal({ outcome: 'unknown' });
  });

  it('gives the names of the fields that differ, and never their values', async () => {
    const { compare } = connect();
    expect(await compare({ ...COMPANY, name: '另一公司' })).to.deep.equal({ outcome: 'mismatch', fields: ['name'] });
    expect(await compare({ ...COMPANY, name: '另一公司', numberType: '099' })).to.deep.equal({
      ...{ outcome: 'mismatch', fields: ['name', 'numberType'] },
    });
  });

  it('finds whom an operator has written into the file meanwhile', async () => {
    const { compare } = connect();
    const added = { numberType: '111', number: '419901200001010016', name: '新来者' };
    expect(await compare({ type: 'natural', ...added })).to.deep.equal({ outcome: 'unknown' });
    registry.hold('population', added);
    expect(await compare({ type: 'natural', ...added })).to.deep.equal({ outcome: 'match' });
  });

  const odd: readonly (readonly [FaultName, string])[] = [
    ['garbage', 'ODD_ANSWER'],
    ['other-request', 'OTHER_REQUEST'],
    ['redirect', 'HTTP_307'],
    ['large', 'TOO_LARGE'],
  ];
  for (const [fault, reason] of odd) {
    it(`believes no answer that is ${fault}, and asks again at once`, async () => {
      const { compare } = connect();
      await registry.fail(fault);
      expect(await compare(COMPANY)).to.deep.equal({ outcome: 'unavailable', reason });
      await registry.fail('none');
      expect(await compare(COMPANY)).to.deep.equal({ outcome: 'match' });
    });
  }

  it('gives up on a registry that is slow, and lets it rest before the next question', async () => {
    const { compare, time } = connect({ timeoutMs: 300 });
    await registry.fail('slow');
    expect(await compare(COMPANY)).to.deep.equal({ outcome: 'unavailable', reason: 'TIMED_OUT' });
    await registry.fail('none');
    expect(await compare(PERSON)).to.deep.equal({ outcome: 'unavailable', reason: 'RESTS' });
    time.advance({ seconds: 10 });
    expect(await compare(PERSON)).to.deep.equal({ outcome: 'match' });
  });

  it('takes a registry that is down, not there, or does not know the token for unavailable', async () => {
    await registry.fail('down');
    expect(await connect().compare(COMPANY)).to.deep.equal({ outcome: 'unavailable', reason: 'HTTP_503' });
    await registry.fail('none');
    const strange = connect({ token: 'another' });
    expect(await strange.compare(COMPANY)).to.deep.equal({ outcome: 'unavailable', reason: 'HTTP_401' });
    const nowhere = connect({ url: 'http://127.0.0.1:9' });
    expect(await nowhere.compare(COMPANY)).to.deep.equal({ outcome: 'unavailable', reason: 'NOT_REACHED' });
  });
});
