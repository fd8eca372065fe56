import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createCanvas, loadImage } from '@napi-rs/canvas';
import { expect } from 'chai';
import { requireProgram } from '../../world/programs.ts';
import { CITIZEN, COMPANY, CONSUMER, ENTRY, OTHER_ISSUER } from '../../world/sample-entry.ts';
import { temporaryFolder } from '../../world/temporary-folder.ts';
import { issue } from './issue.ts';
import { readBinary } from './read-binary.ts';
import { openSharingWorld, PERSONAL, PURPOSE, type SharingWorld } from './sharing-world.ts';
import { addUser, bodyOfAnswer, expectProblem, signIn, storingNothing } from './web.ts';

describe('sharing within one case, one matter, one person, one purpose', () => {
  let world: SharingWorld;
  const ACTS = ['preview', 'status', 'compare', 'copy'] as const;
  const ask = (act: string, useCode: string, identifier: string | null, hand = world.window) => {
    const fields = act === 'compare' ? { fields: { projectName: '样例花园一期' } } : {};
    return hand.post(`/api/v1/sharing/${act}`, { useCode, identifier, ...fields });
  };

  before(async function () {
    this.timeout(60_000);
    world = await openSharingWorld();
  });

  after(() => world.web.close());

  before(async () => {
    const officer = await world.web.person('bureau.officer');
    const catalogueCodes = [ENTRY.code, world.outside.catalogueCode];
    await officer.post('/api/v1/matters', { code: 'SX-2', name: '事项', organisationCode: CONSUMER, catalogueCodes });
  });

  it('lists the person’s licences of the matter’s types, and no others', async () => {
    const response = await world.window.post('/api/v1/sharing/list', { useCode: await world.openUse() });
    const { items } = bodyOfAnswer<{ items: { identifier: string }[] }>(response);
    expect(items.map(({ identifier }) => identifier)).to.deep.equal([world.licence.identifier]);
    expect(items[0]).to.include({ catalogueCode: ENTRY.code, status: 'valid' });
    expect(response.text).to.not.include(COMPANY);
  });

  it('answers an unknown person with an empty list, not with a fault', async () => {
    const useCode = await world.openUse({ holder: { type: 'natural', number: '990101199001010027' } });
    const response = await world.window.post('/api/v1/sharing/list', { useCode });
    expect(response.body).to.deep.equal({ items: [], next: null });
  });

  it('shows a page of the face as a picture', async () => {
    const response = await ask('preview', await world.openUse(), world.licence.identifier)
      .buffer(true)
      .parse(readBinary);
    expect(response.status).to.equal(200);
    expect(response.type).to.equal('image/png');
    expect(response.get('X-Pages')).to.equal('1');
    expect(response.get('Cache-Control')).to.equal('no-store');
    const image = await loadImage(response.body as Buffer);
    expect(image.width / image.height).to.be.closeTo(210 / 297, 0.01);
    const canvas = createCanvas(image.width, image.height);
    canvas.getContext('2d').drawImage(image, 0, 0);
    const { data } = canvas.getContext('2d').getImageData(0, 0, image.width, image.height);
    expect(
      data.some((value, at) => at % 4 === 0 && value < 100),
      'some ink',
    ).to.equal(true);
  });

  it('has no page beyond the face', async () => {
    const useCode = await world.openUse();
    const { identifier } = world.licence;
    const beyond = await world.window.post('/api/v1/sharing/preview', { useCode, identifier, page: 1 });
    expectProblem(beyond, 404, 'NOT_FOUND');
  });

  it('tells the status of today', async () => {
    const response = await ask('status', await world.openUse(), world.licence.identifier);
    expect(response.body).to.include({ identifier: world.licence.identifier, status: 'valid', validTo: '2031-03-01' });
  });

  it('compares fields without ever telling the licence’s own values', async () => {
    const fields = {
      projectName: '样例花园二期',
      address: ' 样例市样例路1号 ',
      holderNumber: COMPANY,
      nosuch: '1',
      toString: 'x',
    };
    const body = { useCode: await world.openUse(), identifier: world.licence.identifier, fields };
    const response = await world.window.post('/api/v1/sharing/compare', body);
    expect(response.body).to.deep.equal({
      fields: {
        projectName: 'different',
        address: 'same',
        holderNumber: 'same',
        nosuch: 'unknown',
        toString: 'unknown',
      },
    });
  });

  it('hands out a copy marked with purpose and recipient that verifies', async function () {
    const program = requireProgram(this, 'pdftotext');
    const response = await ask('copy', await world.openUse(), world.licence.identifier)
      .buffer(true)
      .parse(readBinary);
    expect(response.status).to.equal(200);
    expect(response.type).to.equal('application/pdf');
    const folder = temporaryFolder();
    const file = join(folder.path, 'copy.pdf');
    writeFileSync(file, response.body as Buffer);
    const text = execFileSync(program, [file, '-'], { encoding: 'utf8' }).replaceAll(/\s/g, '');
    expect(text).to.include('副本').and.include('样例市政务服务中心').and.include(PURPOSE).and.include('2026年3月2日');
    folder.remove();
    const report = await world.window
      .post('/api/v1/verifications')
      .type('application/pdf')
      .send(response.body as Buffer);
    expect(report.body, report.text).to.include({ valid: true, signed: true });
  });

  it('hands out the same file again within one use', async () => {
    const useCode = await world.openUse();
    const copy = async () =>
      ask('copy', useCode, world.licence.identifier).set('Idempotency-Key', 'copy-1').buffer(true).parse(readBinary);
    const first = await copy();
    world.web.house.time.advance({ minutes: 1 });
    const again = await copy();
    expect(first.status).to.equal(200);
    expect((again.body as Buffer).equals(first.body as Buffer)).to.equal(true);
    expect(again.get('Content-Disposition')).to.equal(first.get('Content-Disposition'));
  });

  it('lists page by page', async () => {
    const useCode = await world.openUse({ holder: { type: 'legal', number: COMPANY }, matter: 'SX-2' });
    const list = async (more: object) =>
      bodyOfAnswer<{ items: { identifier: string }[]; next: string | null }>(
        await world.window.post('/api/v1/sharing/list', { useCode, ...more }),
      );
    const first = await list({ limit: 1 });
    const second = await list({ limit: 1, after: first.next });
    expect([...first.items, ...second.items].map(({ identifier }) => identifier)).to.deep.equal([
      world.outside.identifier,
      world.licence.identifier,
    ]);
    expect(second.next).to.equal(null);
  });

  it('refuses a holder’s number that fails the check of its type', async () => {
    for (const holder of [
      { type: 'legal', number: `${COMPANY.slice(0, 17)}${COMPANY.endsWith('0') ? '1' : '0'}` },
      { type: 'natural', number: '990101199001010018' },
      { type: 'natural', number: COMPANY },
      { type: 'legal', number: CITIZEN },
    ]) {
      const use = { case: 'SL-1', matter: 'SX-1', purpose: PURPOSE, holder };
      const response = await storingNothing(world.web, async () => world.window.post('/api/v1/uses', use));
      expectProblem(response, 400, 'REQUEST_INVALID', ['/holder/number HOLDER_NUMBER_WRONG']);
    }
    // The number is right for any other paper, but the holder is not of that type.
    const useCode = await world.openUse({ holder: { type: 'natural', number: COMPANY, numberType: '999' } });
    const { body } = await world.window.post('/api/v1/sharing/list', { useCode });
    expect(body).to.deep.equal({ items: [], next: null });
  });

  it('tells, and shows across the face, that a licence is not valid, and makes no copy of it', async () => {
    const licence = await issue(world.web);
    const useCode = await world.openUse();
    const clerk = await world.web.person('issuer.clerk');
    const redOf = async () => {
      const response = await ask('preview', useCode, licence.identifier).buffer(true).parse(readBinary);
      const image = await loadImage(response.body as Buffer);
      const canvas = createCanvas(image.width, image.height);
      canvas.getContext('2d').drawImage(image, 0, 0);
      const { data } = canvas.getContext('2d').getImageData(0, 0, image.width, image.height);
      let red = 0;
      for (let at = 0; at < data.length; at += 4) {
        if ([data[at], data[at + 1], data[at + 2]].join() === '192,32,32') red += 1;
      }
      return red;
    };
    expect(await redOf()).to.equal(0);
    const path = `/api/v1/licences/${licence.licenceId}/status`;
    expect((await clerk.post(path, { act: 'cancel', legalBasis: '行政许可法', reason: '申请注销' })).status).to.equal(
      200,
    );
    expect(await redOf()).to.be.greaterThan(5_000);
    expect((await ask('status', useCode, licence.identifier)).body).to.include({ status: 'cancelled' });
    const refused = expectProblem(await ask('copy', useCode, licence.identifier), 409, 'STATE_CONFLICT');
    expect(refused.detail).to.include('cancelled').and.include('注销');
  });

  it('refuses a purpose that cannot be written on a copy', async () => {
    const holder = { type: 'legal', number: COMPANY };
    const use = { case: 'SL-1', matter: 'SX-1', purpose: '核验𓀀资质', holder };
    const response = await storingNothing(world.web, async () => world.window.post('/api/v1/uses', use));
    expectProblem(response, 400, 'REQUEST_INVALID', ['/purpose GLYPH_MISSING']);
  });

  for (const act of ACTS) {
    it(`${act}: what lies outside the bounds looks like what does not exist`, async () => {
      const useCode = await world.openUse();
      const { identifier } = world.licence;
      const invented = `${identifier?.split('.').slice(0, -3).join('.')}.ZZZZZZ.001`;
      const check = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
      const outcomes: unknown[] = [];
      for (const outside of [world.outside.identifier, world.personal.identifier]) {
        const problem = expectProblem(await ask(act, useCode, outside), 404, 'NOT_FOUND');
        outcomes.push({ ...problem, requestId: '' });
      }
      const answers = await Promise.all(
        [...check].map(async (character) => ask(act, useCode, `${invented}.${character}`)),
      );
      const well = answers.filter(({ status }) => status === 404);
      expect(well).to.have.length(1);
      for (const answer of well) outcomes.push({ ...expectProblem(answer, 404, 'NOT_FOUND'), requestId: '' });
      for (const outcome of outcomes) expect(outcome).to.deep.equal(outcomes[0]);
      for (const answer of answers) {
        if (answer.status !== 404) expectProblem(answer, 400, 'REQUEST_INVALID', ['/identifier CHECK_CHARACTER_WRONG']);
      }
    });
  }

  it('ends with the use, after thirty minutes', async () => {
    const useCode = await world.openUse();
    world.web.house.time.advance({ minutes: 29 });
    expect((await ask('status', useCode, world.licence.identifier)).status).to.equal(200);
    world.web.house.time.advance({ minutes: 1 });
    expectProblem(await ask('status', useCode, world.licence.identifier), 403, 'USE_EXPIRED');
    expectProblem(await world.window.post('/api/v1/sharing/list', { useCode }), 403, 'USE_EXPIRED');
  });

  it('is for the one who opened the use: a colleague’s or a stranger’s code looks invented', async () => {
    const useCode = await world.openUse();
    await addUser(world.web.house, { loginName: 'colleague', roles: ['consumer.window'], organisationCode: CONSUMER });
    const colleague = await signIn(world.web.app, 'colleague');
    const stranger = await world.web.system(['consumer.window'], OTHER_ISSUER);
    for (const hand of [colleague, stranger]) {
      const real = expectProblem(await ask('status', useCode, world.licence.identifier, hand), 404, 'USE_UNKNOWN');
      const invented = expectProblem(
        await ask('status', 'X'.repeat(40), world.licence.identifier, hand),
        404,
        'USE_UNKNOWN',
      );
      expect({ ...real, requestId: '' }).to.deep.equal({ ...invented, requestId: '' });
    }
  });

  it('is only for matters of one’s own body', async () => {
    const officer = await world.web.person('bureau.officer');
    const foreign = { code: 'SX-9', name: '他局事项', organisationCode: OTHER_ISSUER, catalogueCodes: [PERSONAL] };
    expect((await officer.post('/api/v1/matters', foreign)).status).to.equal(201);
    const holder = { type: 'natural', number: CITIZEN };
    const use = (matter: string) => ({ case: 'SL-1', matter, purpose: PURPOSE, holder });
    const refused = async () => world.window.post('/api/v1/uses', use('SX-9'));
    const real = expectProblem(await storingNothing(world.web, refused), 400, 'REQUEST_INVALID', [
      '/matter MATTER_UNKNOWN',
    ]);
    const invented = expectProblem(await world.window.post('/api/v1/uses', use('SX-0')), 400, 'REQUEST_INVALID', [
      '/matter MATTER_UNKNOWN',
    ]);
    expect({ ...real, requestId: '' }).to.deep.equal({ ...invented, requestId: '' });
  });

  it('refuses a matter that names an entry which is none', async () => {
    const officer = await world.web.person('bureau.officer');
    const catalogueCodes = [ENTRY.code, `${OTHER_ISSUER}999`];
    const matter = { code: 'SX-3', name: '事项', organisationCode: CONSUMER, catalogueCodes };
    const call = async () => officer.post('/api/v1/matters', matter);
    expectProblem(await storingNothing(world.web, call), 400, 'REQUEST_INVALID', [
      '/catalogueCodes/1 CATALOGUE_UNKNOWN',
    ]);
  });
});
