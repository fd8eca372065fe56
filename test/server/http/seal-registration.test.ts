import { expect } from 'chai';
import { findDueLists, keepList } from '../../../models/revocation/keep-list.ts';
import { acceptedSealMakers } from '../../../models/seal/seal-makers.ts';
import { judgeInHouse } from '../../../models/verification/index.ts';
import { loadTrust } from '../../../models/verification/trust.ts';
import { type OutsideMaker, type OutsideSealWishes, openOutsideMaker } from '../../world/outside-maker.ts';
import { ISSUER, OTHER_ISSUER } from '../../world/sample-entry.ts';
import { approve, submission, submit } from './issue.ts';
import { readBinary } from './read-binary.ts';
import { approved, BODY_NAME, base64, registration, type SealHands, sealHands, sealOf, why } from './seal-world.ts';
import { bodyOfAnswer, expectProblem, openWeb, storingNothing, type Web } from './web.ts';

describe('a seal made elsewhere', () => {
  let web: Web;
  let hands: SealHands;
  let outside: OutsideMaker;
  let makerId: string;

  before(async function () {
    this.timeout(60_000);
    web = await openWeb();
    hands = await sealHands(web);
    outside = await openOutsideMaker(web.house);
    Object.assign(web.house, { trustCertificates: [outside.root, outside.issuing] });
    const accepted = await hands.officer.post('/api/v1/seal-makers', { certificate: base64(outside.maker), ...why });
    makerId = bodyOfAnswer<{ makerId: string }>(accepted).makerId;
  });

  after(() => web.close());

  let made = 0;
  const sealFor = (wishes: OutsideSealWishes = {}, code = ISSUER, name = BODY_NAME) => {
    made += 1;
    return outside.sealFor(code, name, { esId: `41990088${String(made).padStart(5, '0')}`, ...wishes });
  };
  const register = async (body: object, id?: string) =>
    hands.officer.post(`/api/v1/seals/${id ?? (await approved(hands))}/register`, body);
  /** The faults of a registration, each `pointer CODE`; nothing is stored. */
  const refuse = async (body: object, pointers: readonly string[]) => {
    const id = await approved(hands);
    const problem = await storingNothing(web, async () => register(body, id));
    return expectProblem(problem, 400, 'REQUEST_INVALID', pointers);
  };

  it('is registered in full and seals from then on; what it sealed verifies', async function () {
    this.timeout(30_000);
    const active = sealOf(await register(registration(await sealFor())));
    expect(active).to.include({ state: 'active', origin: 'registered', sesVersion: 4, service: null });
    expect(active.certificates).to.have.length(2);
    const licenceId = await submit(web, submission());
    await approve(web, licenceId);
    const sealed = await hands.keeper.post(`/api/v1/licences/${licenceId}/seal`, {});
    expect(sealed.status, sealed.text).to.equal(200);
    const uses = await hands.keeper.get(`/api/v1/seals/${active.sealId}/uses`);
    expect(bodyOfAnswer<{ items: object[] }>(uses).items).to.have.length(1);
    const clerk = await web.person('issuer.clerk');
    const file = await clerk.get(`/api/v1/licences/${licenceId}/files/ofd`).buffer(true).parse(readBinary);
    const verified = await clerk
      .post('/api/v1/verifications')
      .type('application/ofd')
      .send(file.body as Buffer);
    expect(bodyOfAnswer(verified), verified.text).to.include({ valid: true, trusted: true });
    await hands.officer.post(`/api/v1/seals/${active.sealId}/revoke`, why);
  });

  for (const version of [1, 5] as const) {
    it(`is taken in generation ${version} as well, and says so; our own stamps are of another generation`, async () => {
      const active = sealOf(await register(registration(await sealFor({ version }))));
      expect(active).to.include({ state: 'active', sesVersion: version });
      const licenceId = await submit(web, submission());
      await approve(web, licenceId);
      const seal = async () => hands.keeper.post(`/api/v1/licences/${licenceId}/seal`, {});
      expectProblem(await storingNothing(web, seal), 409, 'SEAL_GENERATION');
      await hands.officer.post(`/api/v1/seals/${active.sealId}/revoke`, why);
    });
  }

  it('may be pressed by a service; without a way to it nothing is sealed', async () => {
    const { sm2KeyId: _, ...body } = registration(await sealFor(), { service: 'province-seal-platform' });
    const active = sealOf(await register(body));
    expect(active.service).to.equal('province-seal-platform');
    const licenceId = await submit(web, submission());
    await approve(web, licenceId);
    const unsealed = await hands.keeper.post(`/api/v1/licences/${licenceId}/seal`, {});
    expectProblem(unsealed, 503, 'SEAL_SERVICE_MISSING');
    const { licences, licenceFiles, sealUses } = web.house.db.rows;
    expect((await licences.findByPk(licenceId))?.state).to.equal('reviewed');
    expect(await licenceFiles.count({ where: { licenceId } })).to.equal(0);
    for (const { outcome } of await sealUses.findAll({ where: { sealId: active.sealId } }))
      expect(outcome).to.equal('voided');
    await hands.officer.post(`/api/v1/seals/${active.sealId}/revoke`, why);
  });

  it('takes the place of the one it renews', async () => {
    const first = sealOf(await register(registration(await sealFor()))).sealId;
    const renewal = sealOf(await hands.keeper.post(`/api/v1/seals/${first}/renew`, why), 201).sealId;
    await hands.officer.post(`/api/v1/seals/${renewal}/approve`, why);
    sealOf(await register(registration(await sealFor()), renewal));
    expect(sealOf(await hands.keeper.get(`/api/v1/seals/${first}`)).state).to.equal('renewed');
  });

  it('is registered only when it was approved, and once', async () => {
    const body = registration(await sealFor());
    const id = sealOf(await hands.keeper.post('/api/v1/seals', { name: '章' }), 201).sealId;
    expectProblem(await storingNothing(web, async () => register(body, id)), 409, 'SEAL_MOVE_REFUSED');
    sealOf(await register(body));
    const again = await approved(hands);
    expectProblem(await storingNothing(web, async () => register(body, again)), 409, 'ALREADY_EXISTS', [
      '/eseal ALREADY_EXISTS',
    ]);
  });

  it('is refused when it is none, or its certificates are none', async () => {
    const body = registration(await sealFor());
    await refuse({ ...body, eseal: base64(Buffer.from('3003020101', 'hex')) }, ['/eseal FILE_NOT_WHAT_IT_SAYS']);
    await refuse({ ...body, eseal: 'not base64' }, ['/eseal FILE_NOT_WHAT_IT_SAYS']);
    await refuse({ ...body, certificates: ['MAA='] }, ['/certificates/0 FIELD_PATTERN']);
  });

  it('is refused when any byte of what the maker signed was changed', async () => {
    const seal = await sealFor();
    const changed = Uint8Array.from(seal.eseal);
    const at = Buffer.from(changed).indexOf('Province');
    changed[at] = 'p'.charCodeAt(0);
    const { errors } = await refuse(registration({ ...seal, eseal: changed }), ['/eseal SEAL_REFUSED']);
    expect(errors?.[0]?.message).to.contain('SEAL_SIGNATURE_INVALID');
  });

  it('is refused when it is not in force yet, or not any more', async () => {
    const early = { validFrom: new Date('2026-04-01T00:00:00Z') };
    const late = { validFrom: new Date('2020-01-01T00:00:00Z'), validTo: new Date('2026-03-01T00:00:00Z') };
    for (const wishes of [early, late]) {
      const { errors } = await refuse(registration(await sealFor(wishes)), ['/eseal SEAL_REFUSED']);
      expect(errors?.[0]?.message).to.contain('SEAL_OUTSIDE_VALIDITY');
    }
  });

  it('is refused when another maker made it, trusted or not', async function () {
    this.timeout(30_000);
    const stranger = await openOutsideMaker(web.house);
    const seal = await stranger.sealFor(ISSUER, BODY_NAME, { esId: '4199007777777' });
    const untrusted = await refuse(registration(seal), [
      '/eseal/maker SEAL_REFUSED',
      '/eseal/maker SEAL_REFUSED',
      '/certificates/0 SEAL_REFUSED',
    ]);
    const words = (untrusted.errors ?? []).map(({ message }) => message).join();
    expect(words).to.match(/SEAL_MAKER_NOT_ACCEPTED.*CERTIFICATE_CHAIN_BROKEN.*CERTIFICATE_CHAIN_BROKEN/s);
    Object.assign(web.house, { trustCertificates: [outside.root, outside.issuing, stranger.root] });
    await refuse(registration(seal), ['/eseal/maker SEAL_REFUSED']);
  });

  it('is refused when it is another body’s, of another kind, or its picture cannot be shown', async () => {
    const foreign = await sealFor({}, ISSUER, '样例市另一局');
    await refuse(registration(foreign), ['/eseal/name FILE_MISMATCH', '/certificates/0 FILE_MISMATCH']);
    await refuse(registration(await sealFor({ type: 2 })), ['/eseal/type FILE_MISMATCH']);
    const odd = await sealFor({ picture: { type: 'ofd', data: Buffer.from('PK') } });
    await refuse(registration(odd), ['/picture IMAGE_UNREADABLE']);
    const row = await web.house.db.rows.seals.findOne({ where: { origin: 'development' } });
    const shown = registration(odd, { picture: base64(row?.picture ?? Buffer.alloc(0)) });
    expect(sealOf(await register(shown)).state).to.equal('active');
  });

  it('is refused without a key of the body that the seal lists; all faults are named at once', async () => {
    const seal = await sealFor();
    const other = await sealFor();
    const ofOther = await sealFor({}, OTHER_ISSUER, BODY_NAME);
    await refuse(registration(seal, { sm2KeyId: other.sm2KeyId }), ['/sm2KeyId FILE_MISMATCH']);
    await refuse(registration(seal, { sm2KeyId: ofOther.sm2KeyId }), ['/sm2KeyId SEAL_KEY_UNKNOWN']);
    await refuse(registration(seal, { rsaKeyId: seal.sm2KeyId }), ['/rsaKeyId SEAL_KEY_UNKNOWN']);
    await refuse(registration(seal, { service: 's' }), ['/service FIELD_UNKNOWN']);
    const { sm2KeyId: _, ...bare } = registration(seal);
    await refuse(bare, ['/sm2KeyId FIELD_REQUIRED']);
    const certificates = [base64(other.certificates[0] ?? new Uint8Array())];
    const wrong = registration(await sealFor({ type: 2, validFrom: new Date('2026-04-01T00:00:00Z') }));
    await refuse({ ...wrong, certificates, rsaKeyId: 'none' }, [
      '/eseal SEAL_REFUSED',
      '/eseal/type FILE_MISMATCH',
      '/certificates/0 SEAL_REFUSED',
      '/rsaKeyId SEAL_KEY_UNKNOWN',
    ]);
  });

  it('is refused when a list that the house has fetched says that its signer was revoked', async () => {
    const seal = await sealFor();
    const der = await outside.revoke(seal.certificates[0] ?? new Uint8Array());
    const [list] = await findDueLists(web.house, ['http://crl.example/issuing.crl']);
    const now = web.house.clock();
    await keepList(web.house, list?.id ?? '', { der, issuer: 'outside', thisUpdate: now, nextUpdate: null }, now);
    const { errors } = await refuse(registration(seal), ['/certificates/0 SEAL_REFUSED']);
    expect(errors?.[0]?.message).to.contain('REVOKED');
    sealOf(await register(registration(await sealFor())));
  });

  describe('and the issuers that are handed in with it', () => {
    const trustRoots = () => Object.assign(web.house, { trustCertificates: [outside.root] });
    after(() => Object.assign(web.house, { trustCertificates: [outside.root, outside.issuing] }));

    it('lead from its signer to a root that is trusted, whoever verifies its files here', async function () {
      this.timeout(30_000);
      trustRoots();
      const { sealId } = sealOf(await register(registration(await sealFor())));
      const licenceId = await submit(web, submission());
      await approve(web, licenceId);
      const sealed = await hands.keeper.post(`/api/v1/licences/${licenceId}/seal`, {});
      expect(sealed.status, sealed.text).to.equal(200);
      const row = await web.house.db.rows.licenceFiles.findOne({ where: { licenceId, format: 'ofd' } });
      const report = await judgeInHouse(web.house, await web.house.blobs.get(row?.digest ?? ''));
      expect(report).to.include({ valid: true, trusted: true });
      expect(sealOf(await hands.keeper.get(`/api/v1/seals/${sealId}`)).certificates).to.have.length(2);
      await hands.officer.post(`/api/v1/seals/${sealId}/revoke`, why);
    });

    it('are no roots: a self-signed one that is handed in is not trusted', async function () {
      this.timeout(30_000);
      trustRoots();
      const stranger = await openOutsideMaker(web.house);
      const seal = await sealFor();
      const certificates = [...seal.certificates, stranger.root, stranger.issuing].map(base64);
      sealOf(await register({ ...registration(seal), certificates }));
      const known = (await loadTrust(web.house)).map(base64);
      expect(known).to.include(base64(outside.issuing)).and.include(base64(stranger.issuing));
      expect(known).to.not.include(base64(stranger.root));
      const theirs = await stranger.sealFor(ISSUER, BODY_NAME, { esId: '4199006666666' });
      const { errors = [] } = await refuse(registration(theirs), [
        '/eseal/maker SEAL_REFUSED',
        '/eseal/maker SEAL_REFUSED',
        '/certificates/0 SEAL_REFUSED',
      ]);
      expect(errors.map(({ message }) => message).join()).to.contain('CERTIFICATE_CHAIN_BROKEN');
    });
  });

  describe('and its maker', () => {
    it('is on the list once, may be withdrawn, and accepted again', async () => {
      const accept = async (more: object = {}) =>
        hands.officer.post('/api/v1/seal-makers', { certificate: base64(outside.maker), ...why, ...more });
      expectProblem(await storingNothing(web, accept), 409, 'ALREADY_EXISTS');
      const path = `/api/v1/seal-makers/${makerId}/withdraw`;
      const withdraw = async () => hands.officer.post(path, why);
      expect(bodyOfAnswer(await withdraw()).state).to.equal('withdrawn');
      expectProblem(await storingNothing(web, withdraw), 409, 'STATE_CONFLICT');
      expect(await acceptedSealMakers(web.house)).to.have.length(1);
      const seal = await sealFor();
      await refuse(registration(seal), ['/eseal/maker SEAL_REFUSED']);
      expect((await accept({ from: '2026-03-03T00:00:00Z' })).status).to.equal(201);
      await refuse(registration(seal), ['/eseal/maker SEAL_REFUSED']);
      const now = web.house.clock();
      const lists = [await acceptedSealMakers(web.house), await acceptedSealMakers(web.house, now)];
      expect(lists.map(({ length }) => length)).to.deep.equal([2, 1]);
      await withdraw();
      expect(bodyOfAnswer(await accept()).makerId).to.equal(makerId);
      sealOf(await register(registration(seal)));
    });

    it('is no maker when the certificate is none, or not of SM2, or may not sign', async () => {
      const security = await web.person('admin.security');
      const { certificates } = await sealFor();
      const pdfSigner = (await web.house.db.rows.keys.findOne({ where: { algorithm: 'RSA', purpose: 'signer' } }))
        ?.certificates[0];
      for (const certificate of ['nothing', 'MAA=', pdfSigner]) {
        const call = async () => security.post('/api/v1/seal-makers', { certificate, ...why });
        expectProblem(await storingNothing(web, call), 400, 'REQUEST_INVALID', ['/certificate SEAL_MAKER_UNFIT']);
      }
      const backwards = { from: '2026-04-01T00:00:00Z', to: '2026-03-01T00:00:00Z', ...why };
      const certificate = base64(certificates[1] ?? new Uint8Array());
      const call = async () => security.post('/api/v1/seal-makers', { certificate, ...backwards });
      expectProblem(await storingNothing(web, call), 400, 'REQUEST_INVALID', ['/to VALIDITY_BACKWARDS']);
      expect((await security.post('/api/v1/seal-makers', { certificate, ...why })).status).to.equal(201);
    });
  });
});
