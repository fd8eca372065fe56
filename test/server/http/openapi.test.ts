import { expect } from 'chai';
import type { Response } from 'supertest';
import { issueStatement } from '../../../exchange/index.ts';
import { recordComparison, setAlarms, startComparison } from '../../../models/exchange-state/index.ts';
import { houseCaller } from '../../../models/house.ts';
import { FAULTS } from '../../../models/kernel/fault-codes.ts';
import { ROUTES } from '../../../server/routes/index.ts';
import { CITIZEN, COMPANY, CONSUMER, ENTRY, ISSUER } from '../../world/sample-entry.ts';
import { analysisAnswers } from './analysis-answers.ts';
import { archiveAnswers } from './archive-answers.ts';
import { clockAnswers } from './clock-answers.ts';
import { deskAnswers } from './desk-answers.ts';
import { importAnswers } from './import-answers.ts';
import { issue, submission, submit } from './issue.ts';
import { lifeAnswers } from './life-answers.ts';
import { noticeAnswers } from './notice-answers.ts';
import { objectionAnswers } from './objection-answers.ts';
import { paperAnswers } from './paper-answers.ts';
import { Repeater } from './repeat-calls.ts';
import { sealAnswers } from './seal-answers.ts';
import { subscriptionAnswers } from './subscription-answers.ts';
import { supervisionAnswers } from './supervision-answers.ts';
import { wayAnswers } from './way-answers.ts';
import { addUser, bodyOfAnswer, openWeb, PASSWORD, signIn, type Web } from './web.ts';

type Json = Readonly<Record<string, unknown>>;
interface Operation {
  readonly summary?: string;
  readonly description?: string;
  readonly parameters?: readonly { name: string; in: string; required?: boolean; schema: Json }[];
  readonly requestBody?: { content: Readonly<Record<string, { schema: Json }>> };
  readonly responses: Readonly<
    Record<string, { description: string; content: Readonly<Record<string, { schema?: Json }>> }>
  >;
}

describe('the OpenAPI document', () => {
  let web: Web;
  let document: Json;
  const operations = () => {
    const paths = document.paths as Readonly<Record<string, Readonly<Record<string, Operation>>>>;
    return Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
    );
  };

  before(async () => {
    web = await openWeb();
    const response = await web.nobody.get('/api/v1/openapi.json');
    expect(response.type).to.equal('application/json');
    document = bodyOfAnswer(response);
  });

  after(() => web.close());

  it('is of version 3.1 and has every route once, and no other', () => {
    expect(document.openapi).to.match(/^3\.1\.\d$/);
    expect(document.info).to.include.keys('title', 'version');
    const described = operations().map(({ method, path }) => `${method} ${path}`);
    const routes = ROUTES.map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, '{$1}')}`);
    expect(described).to.have.members(routes);
    expect(new Set(routes).size).to.equal(routes.length);
  });

  it('has for every call a sentence in both languages, its parameters, its body and its answers', () => {
    for (const { path, method, operation } of operations()) {
      const name = `${method} ${path}`;
      expect(operation.summary, name).to.match(/\p{Script=Han}/u);
      expect(operation.description, name).to.match(/[a-z]{3}/);
      const declared = (operation.parameters ?? []).filter((parameter) => parameter.in === 'path');
      expect(
        declared.map((parameter) => parameter.name),
        name,
      ).to.deep.equal([...path.matchAll(/\{(\w+)\}/g)].map(([, key]) => key));
      expect(
        declared.every(({ required }) => required),
        name,
      ).to.equal(true);
      const problem = operation.responses.default?.content['application/problem+json'];
      expect(problem?.schema, name).to.deep.equal({ $ref: '#/components/schemas/Problem' });
      const [success] = Object.keys(operation.responses);
      expect(success, name).to.match(/^20[012]$/);
      if (method === 'post')
        expect(Object.keys(operation.requestBody?.content ?? {}), name).to.have.lengthOf.at.least(1);
      else expect(operation.requestBody, name).to.equal(undefined);
    }
  });

  it('has only references that resolve', () => {
    const text = JSON.stringify(document);
    const references = [...text.matchAll(/"\$ref":"([^"]+)"/g)].map(([, target = '']) => target);
    expect(references.length).to.be.greaterThan(0);
    for (const reference of references) {
      expect(reference).to.match(/^#\//);
      let at: unknown = document;
      for (const step of reference.slice(2).split('/')) at = (at as Json | undefined)?.[step];
      expect(at, reference).to.be.an('object');
    }
  });

  it('lists every fault code there is', () => {
    const { schemas } = document.components as {
      schemas: { Problem: { properties: { code: { enum: string[] } } } };
    };
    expect(schemas.Problem.properties.code.enum).to.have.members(Object.keys(FAULTS));
  });
});

describe('answers', () => {
  let web: Web;
  const repeater = new Repeater();

  before(async function () {
    this.timeout(120_000);
    web = repeater.watch(await openWeb());
  });

  after(() => web.close());

  /** The answer parses with the route's own schema, nothing more and nothing less. */
  function expectAnswer(name: string, response: Response): void {
    const [method, path] = name.split(' ');
    const found = ROUTES.find((route) => route.method === method && route.path === path);
    expect(response.status, `${name} ${response.text}`).to.equal(found?.status ?? 200);
    const result = found?.answer?.safeParse(response.body);
    expect(result?.success, `${name}: ${result?.error?.message} in ${response.text}`).to.equal(true);
  }

  it('are exactly as their schemas say, from the catalogue to the access log', async function () {
    // Some two hundred calls, one after the other; on a busy machine they take long.
    this.timeout(240_000);
    const clerk = await web.person('issuer.clerk');
    const reviewer = await web.person('issuer.reviewer');
    const keeper = await web.person('issuer.seal-keeper');
    const officer = await web.person('bureau.officer');
    const window = await web.person('consumer.window');
    const security = await web.person('admin.security');
    const system = await web.person('admin.system');
    const auditor = await web.person('auditor');
    const spare = { ...ENTRY, code: `${ISSUER}009` };
    const rule = { catalogueCode: ENTRY.code, sources: ['sheet'], from: '2026-01-01', to: '2026-12-31' };
    const body = {
      code: CONSUMER,
      name: '样例市政务服务中心',
      level: 'city',
      isConsumer: true,
      responsibleBody: '科',
      persons: [{ name: '甲', duty: '乙' }],
    };
    const notice = {
      caseNumber: 'AJ-LATE',
      catalogueCode: ENTRY.code,
      mode: 'batch',
      closedAt: web.house.clock().toISOString(),
    };
    const { licenceId, identifier, holders } = await issue(web);
    const pending = await clerk.post('/api/v1/licences', submission());
    const { licenceId: pendingId } = bodyOfAnswer<{ licenceId: string }>(pending);
    const { licenceId: regretted } = bodyOfAnswer<{ licenceId: string }>(
      await clerk.post('/api/v1/licences', submission()),
    );
    const matter = { code: 'SX-1', name: '联合验收', organisationCode: CONSUMER, catalogueCodes: [ENTRY.code] };
    const matterSaved = await officer.post('/api/v1/matters', matter);
    const use = { case: 'SL-1', matter: 'SX-1', purpose: '核验', holder: { type: 'legal', number: COMPANY } };
    const opened = await window.post('/api/v1/uses', use);
    const { useCode } = bodyOfAnswer<{ useCode: string }>(opened);
    const within = { useCode, identifier };
    const day = '2026-03-02';
    const rest = { isWithheld: false, withdrawAll: false };
    const facts = { differences: [], departments: [], guarded: true, scope: 'both', link: 'http', ...rest };
    await recordComparison(web.house, houseCaller('test'), await startComparison(web.house), {}, facts, 'done');
    await issueStatement(web.house);
    await addUser(web.house, { loginName: 'holder', roles: ['holder'], holderId: holders[0]?.holderId ?? '' });
    const holder = repeater.watchHand(await signIn(web.app, 'holder'));
    const status = { act: 'suspend', legalBasis: '规定', reason: '核查' };
    const user = { loginName: 'somebody', displayName: '某人', password: PASSWORD, roles: ['auditor'] };
    const application = { name: '系统', organisationCode: ISSUER, scopes: ['issuer.clerk'] };
    const applied = await security.post('/api/v1/applications', application);
    const { clientId, clientSecret } = bodyOfAnswer<{ clientId: string; clientSecret: string }>(applied);
    const grant = { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret };
    const added = await security.post('/api/v1/users', user);
    const { id: userId } = bodyOfAnswer<{ id: string }>(added);
    const ruled = await keeper.post('/api/v1/review-rules', rule);
    const { ruleId } = bodyOfAnswer<{ ruleId: string }>(ruled);
    const machine = { name: 'm', organisationCode: ISSUER, url: 'mysql://user:secret@127.0.0.1:9/m' };
    const calendarAnswers = async (): Promise<[string, Response][]> => {
      const year = '/api/v1/calendar/years/2026';
      const { days } = bodyOfAnswer<{ days: { date: string; kind: string; name: string }[] }>(await officer.get(year));
      const named = (wanted: string) =>
        Object.fromEntries(days.flatMap(({ date, kind, name }) => (kind === wanted ? [[date, name]] : [])));
      const arrangement = { holidays: named('holiday'), workdays: named('working') };
      return [
        ['get /api/v1/deadlines', await officer.get('/api/v1/deadlines?stage=warned')],
        ['get /api/v1/calendar', await officer.get('/api/v1/calendar')],
        ['get /api/v1/calendar/explain', await officer.get('/api/v1/calendar/explain?from=2026-02-13&workingDays=5')],
        ['post /api/v1/calendar/years/:year', await officer.post(year, { state: 'provisional', days })],
        ['get /api/v1/calendar/years/:year', await officer.get(year)],
        ['post /api/v1/calendar/import', await officer.post('/api/v1/calendar/import', { years: [2026], arrangement })],
      ];
    };
    const refusalAnswers = async (): Promise<[string, Response][]> => {
      const id = `licence:${licenceId}`;
      const refused = {
        state: 'refused' as const,
        reason: 'FILE_REFUSED',
        issuingBody: ISSUER,
        since: web.house.clock(),
      };
      await web.house.db.rows.provinceStates.create({
        ...{ id, subjectType: 'licence', subjectId: licenceId, sentSequence: 1, acknowledgedSequence: 0 },
        ...{ ...refused, updatedAt: web.house.clock() },
      });
      await web.house.db.rows.outbox.destroy({ where: {} });
      await setAlarms(web.house, houseCaller('test'), 'lag', [{ subject: 'm', details: { changes: 1 } }]);
      const path = '/api/v1/exchange/refusals';
      return [
        ['get /api/v1/exchange/refusals', await officer.get(path)],
        ['post /api/v1/exchange/refusals/:id/replay', await officer.post(`${path}/${id}/replay`, {})],
        ['get /api/v1/exchange/alarms', await officer.get('/api/v1/exchange/alarms')],
      ];
    };
    const answers: readonly (readonly [string, Response])[] = [
      ['post /api/v1/catalogue', await clerk.post('/api/v1/catalogue', spare)],
      ['get /api/v1/catalogue', await clerk.get('/api/v1/catalogue')],
      ['get /api/v1/catalogue/:code', await clerk.get(`/api/v1/catalogue/${ENTRY.code}`)],
      ['post /api/v1/catalogue/:code/retire', await clerk.post(`/api/v1/catalogue/${spare.code}/retire`, {})],
      ...(await sealAnswers(web)),
      ['post /api/v1/review-rules', ruled],
      ['post /api/v1/review-rules/:id/withdraw', await keeper.post(`/api/v1/review-rules/${ruleId}/withdraw`, {})],
      ['post /api/v1/organisations', await system.post('/api/v1/organisations', body)],
      ['get /api/v1/organisations', await system.get('/api/v1/organisations')],
      ['post /api/v1/users', added],
      ['post /api/v1/users/:id', await security.post(`/api/v1/users/${userId}`, { state: 'disabled' })],
      ['post /api/v1/applications', applied],
      ['post /oauth/token', await web.nobody.post('/oauth/token', grant)],
      ['post /api/v1/applications/:id', await security.post(`/api/v1/applications/${clientId}`, { state: 'disabled' })],
      ['post /api/v1/licences', pending],
      [
        'post /api/v1/licences/:id/withdraw',
        await clerk.post(`/api/v1/licences/${await submit(web)}/withdraw`, { reason: '填错了' }),
      ],
      ['post /api/v1/licences/:id/review', await reviewer.post(`/api/v1/licences/${pendingId}/review`, {})],
      ['post /api/v1/licences/:id/seal', await keeper.post(`/api/v1/licences/${pendingId}/seal`, {})],
      [
        'post /api/v1/licences/:id/withdraw',
        await clerk.post(`/api/v1/licences/${regretted}/withdraw`, { reason: '误报' }),
      ],
      ['get /api/v1/licences/:id', await clerk.get(`/api/v1/licences/${licenceId}`)],
      ['get /api/v1/licences', await clerk.get('/api/v1/licences')],
      ...(await analysisAnswers(web)),
      ...(await importAnswers(web)),
      ...(await wayAnswers(web)),
      ['post /api/v1/cases', await clerk.post('/api/v1/cases', notice)],
      [
        'get /api/v1/cases',
        await clerk.get(
          `/api/v1/cases?caseNumber=${encodeURIComponent(notice.caseNumber)}&catalogueCode=${notice.catalogueCode}`,
        ),
      ],
      [
        'post /api/v1/cases/withdrawal',
        await clerk.post('/api/v1/cases/withdrawal', {
          ...{ caseNumber: notice.caseNumber, catalogueCode: notice.catalogueCode, reason: '误报' },
        }),
      ],
      ...(await clockAnswers(web)),
      ['get /api/v1/deadlines/overdue', await officer.get('/api/v1/deadlines/overdue')],
      ['post /api/v1/matters', matterSaved],
      ['post /api/v1/uses', opened],
      ['post /api/v1/sharing/list', await window.post('/api/v1/sharing/list', { useCode })],
      ['post /api/v1/sharing/status', await window.post('/api/v1/sharing/status', within)],
      [
        'post /api/v1/sharing/compare',
        await window.post('/api/v1/sharing/compare', { ...within, fields: { a: CITIZEN } }),
      ],
      ...(await paperAnswers(web, holder, useCode)),
      ...(await archiveAnswers(web, licenceId, within)),
      ['get /api/v1/my/licences', await holder.get('/api/v1/my/licences')],
      ...(await objectionAnswers(web, holder, identifier ?? '')),
      ['post /api/v1/licences/:id/status', await clerk.post(`/api/v1/licences/${licenceId}/status`, status)],
      ...(await lifeAnswers(web)),
      [
        'post /api/v1/licences/:id/data',
        await clerk.post(`/api/v1/licences/${licenceId}/data`, { caseNumber: 'AJ-88', reason: '补录办件号' }),
      ],
      ['post /api/v1/verifications', await clerk.post('/api/v1/verifications').type('application/pdf').send('%PDF-')],
      ...(await calendarAnswers()),
      ...(await noticeAnswers(web)),
      ...(await deskAnswers(web, holder)),
      ['post /api/v1/front-ends', await officer.post('/api/v1/front-ends', machine)],
      ['get /api/v1/front-ends', await officer.get('/api/v1/front-ends')],
      ['get /api/v1/exchange/status', await officer.get('/api/v1/exchange/status')],
      ...(await refusalAnswers()),
      ['get /api/v1/exchange/statements', await officer.get('/api/v1/exchange/statements')],
      ['get /api/v1/exchange/statements/:day', await officer.get(`/api/v1/exchange/statements/${day}`)],
      ...(await subscriptionAnswers(web)),
      ...(await supervisionAnswers(web)),
      ['get /api/v1/audit/entries', await auditor.get('/api/v1/audit/entries?limit=200')],
      ['post /api/v1/audit/search', await auditor.post('/api/v1/audit/search', { caseNumber: 'SL-1' })],
    ];
    for (const [name, response] of answers) expectAnswer(name, response);
    const described = ROUTES.filter((route) => route.answer).map(({ method, path }) => `${method} ${path}`);
    expect(answers.map(([name]) => name)).to.include.members(described);
  });

  it('are given once more, byte for byte, to whoever repeats a write under its key', async function () {
    this.timeout(60_000);
    const repeated = await repeater.repeat();
    for (const { name, first, second } of repeated) {
      expect([second.status, second.get('Idempotent-Replayed')], name).to.deep.equal([first.status, 'true']);
      expect(second.text, name).to.equal(first.text);
    }
    const idempotent = ROUTES.filter((route) => route.idempotent && route.answer);
    const names = idempotent.map(({ method, path }) => `${method} ${path}`);
    expect(repeated.map(({ name }) => name)).to.have.members(names);
  });
});
