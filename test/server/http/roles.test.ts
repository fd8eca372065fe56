import { expect } from 'chai';
import { ROLES, type Role } from '../../../models/account/roles.ts';
import { ROUTES } from '../../../server/routes/index.ts';
import { application } from '../../models/analysis/analysis-world.ts';
import { COMPANY, CONSUMER, ENTRY, ISSUER, OTHER_ISSUER } from '../../world/sample-entry.ts';
import { issue, submission, submit } from './issue.ts';
import { countRows, expectProblem, openWeb, PASSWORD, storingNothing, type Web } from './web.ts';

/** Who may make a call at all, and a body of the right form. What an allowed role gets is tested elsewhere. */
interface Call {
  readonly roles: readonly Role[];
  readonly body?: object;
  readonly query?: string;
}

const ISSUERS: readonly Role[] = ['issuer.clerk', 'issuer.reviewer', 'issuer.seal-keeper'];
const CONSUMERS: readonly Role[] = ['consumer.window', 'consumer.approver'];
const ARCHIVISTS: readonly Role[] = ['issuer.clerk', 'issuer.reviewer'];
const LATE: readonly Role[] = ['bureau.officer', 'bureau.supervisor', 'issuer.clerk', 'issuer.reviewer'];
const ORDERED: readonly Role[] = ['issuer.clerk', 'issuer.reviewer', 'consumer.approver'];
const SUPERVISED: readonly Role[] = [...ORDERED, 'bureau.officer', 'bureau.supervisor'];
const AUDITORS: readonly Role[] = ['auditor', 'admin.audit'];
const SEAL_READERS: readonly Role[] = [
  ...ISSUERS,
  ...(['bureau.officer', 'bureau.supervisor', 'auditor', 'admin.security'] as const),
];
const SUBSCRIBERS: readonly Role[] = [
  ...(['issuer.clerk', 'issuer.reviewer', 'consumer.approver', 'bureau.officer', 'admin.system'] as const),
];
const KNOWING: readonly Role[] = [
  ...(['issuer.clerk', 'issuer.reviewer', 'consumer.window', 'consumer.approver'] as const),
  ...(['bureau.officer', 'bureau.supervisor'] as const),
];
const TOLD: readonly Role[] = [...ISSUERS, ...CONSUMERS, 'bureau.officer', 'bureau.supervisor', 'holder'];
const ANALYSTS: readonly Role[] = ['consumer.approver', 'bureau.officer', 'bureau.supervisor'];
const NOBODY = { pkcs8: new Uint8Array(), certificate: 'x'.repeat(100) };
const MAKER_KEEPERS: readonly Role[] = ['bureau.officer', 'admin.security'];
const why = { reason: '核查' };
const within = { useCode: 'INVENTED0123', identifier: '1.2.156.3005.2.invented' };
const admin = { loginName: 'somebody', displayName: '某人', password: PASSWORD, roles: ['auditor'] };
const organisation = { code: CONSUMER, name: '样例市政务服务中心', level: 'city' };
const use = { case: 'SL-1', matter: 'no-such-matter', purpose: '核验资质', holder: { type: 'legal', number: COMPANY } };
const notice = { caseNumber: 'AJ-9', catalogueCode: ENTRY.code, mode: 'online', closedAt: '2026-03-01T00:00:00Z' };

const CALLS: Readonly<Record<string, Call>> = {
  'get /api/v1/session': { roles: ROLES },
  'post /api/v1/users': { roles: ['admin.security'], body: admin },
  'post /api/v1/users/:id': { roles: ['admin.security'], body: { state: 'disabled' } },
  'post /api/v1/applications/:id': { roles: ['admin.security'], body: { state: 'disabled' } },
  'post /api/v1/applications': {
    roles: ['admin.security'],
    body: { name: '系统', organisationCode: ISSUER, scopes: ['issuer.clerk'] },
  },
  'post /api/v1/organisations': { roles: ['admin.system'], body: organisation },
  'get /api/v1/organisations': { roles: ROLES.filter((role) => role !== 'holder') },
  'post /api/v1/catalogue': { roles: ['issuer.clerk'], body: ENTRY },
  'get /api/v1/catalogue': { roles: ROLES },
  'get /api/v1/catalogue/:code': { roles: ROLES },
  'get /api/v1/catalogue/:code/form': { roles: ROLES },
  'post /api/v1/catalogue/:code/retire': { roles: ['issuer.clerk'], body: {} },
  'get /api/v1/catalogue/:code/sheet-template': { roles: ROLES },
  'get /api/v1/imports': { roles: ISSUERS },
  'get /api/v1/imports/:id': { roles: ISSUERS },
  'get /api/v1/imports/:id/rows': { roles: ISSUERS },
  'get /api/v1/imports/:id/sheet': { roles: ISSUERS },
  'post /api/v1/imports': { roles: ['issuer.clerk'], body: {}, query: `?catalogueCode=${ENTRY.code}` },
  'post /api/v1/imports/:id/cancel': { roles: ['issuer.clerk'], body: {} },
  'post /api/v1/imports/:id/scans': { roles: ['issuer.clerk'], body: {}, query: '?name=a.pdf' },
  'post /api/v1/licences/:id/scans': { roles: ['issuer.clerk'], body: {}, query: '?name=a.pdf' },
  'get /api/v1/cases': {
    roles: ['issuer.clerk', 'issuer.reviewer'],
    query: `?caseNumber=AJ-9&catalogueCode=${ENTRY.code}`,
  },
  'post /api/v1/drafts': { roles: ['issuer.clerk'], body: { catalogueCode: ENTRY.code, submission: {} } },
  'get /api/v1/drafts': { roles: ['issuer.clerk'] },
  'get /api/v1/drafts/:id': { roles: ['issuer.clerk'] },
  'post /api/v1/drafts/:id': { roles: ['issuer.clerk'], body: { submission: {} } },
  'post /api/v1/drafts/:id/submit': { roles: ['issuer.clerk'], body: {} },
  'post /api/v1/fill-links': { roles: [], body: { catalogueCode: ENTRY.code } },
  'get /api/v1/licences/:id/result': { roles: ISSUERS },
  'get /api/v1/licences/:id/scans': { roles: ISSUERS },
  'get /api/v1/licences/:id/scans/:scanId': { roles: ISSUERS },
  'post /api/v1/licences/:id/data': { roles: ['issuer.clerk'], body: { reason: '更正办件号', caseNumber: 'AJ-1' } },
  'post /api/v1/seals': { roles: ['issuer.seal-keeper'], body: { name: '章' } },
  'post /api/v1/seals/:id/approve': { roles: ['bureau.officer'], body: why },
  'post /api/v1/seals/:id/refuse': { roles: ['bureau.officer'], body: why },
  'post /api/v1/seals/:id/make': { roles: ['bureau.officer'], body: {} },
  'post /api/v1/seals/:id/register': {
    roles: ['bureau.officer'],
    body: { eseal: 'MAA=', certificates: ['MAA='], rsaKeyId: 'K', sm2KeyId: 'K' },
  },
  'post /api/v1/seals/:id/freeze': { roles: ['issuer.seal-keeper', 'bureau.officer'], body: why },
  'post /api/v1/seals/:id/unfreeze': { roles: ['bureau.officer'], body: why },
  'post /api/v1/seals/:id/revoke': { roles: ['bureau.officer'], body: why },
  'post /api/v1/seals/:id/renew': { roles: ['issuer.seal-keeper'], body: why },
  'post /api/v1/seals/:id/users': {
    roles: ['issuer.seal-keeper'],
    body: { organisationCode: OTHER_ISSUER, from: '2026-01-01', to: '2026-12-31', ...why },
  },
  'post /api/v1/seals/:id/users/:userId/withdraw': { roles: ['issuer.seal-keeper'], body: why },
  'get /api/v1/seals': { roles: SEAL_READERS },
  'get /api/v1/seals/:id': { roles: SEAL_READERS },
  'get /api/v1/seals/:id/picture': { roles: SEAL_READERS },
  'get /api/v1/seals/:id/uses': {
    roles: ['issuer.seal-keeper', 'bureau.officer', 'bureau.supervisor', 'auditor', 'admin.security'],
  },
  'post /api/v1/seal-makers': { roles: MAKER_KEEPERS, body: { certificate: 'MAA=', ...why } },
  'get /api/v1/seal-makers': { roles: SEAL_READERS },
  'post /api/v1/seal-makers/:id/withdraw': { roles: MAKER_KEEPERS, body: why },
  'get /api/v1/keys': { roles: ['admin.security', 'auditor'] },
  'post /api/v1/keys/:id/limits': { roles: ['admin.security'], body: { maxUses: 10 } },
  'post /api/v1/review-rules': {
    roles: ['issuer.seal-keeper'],
    body: { catalogueCode: ENTRY.code, sources: ['sheet'], from: '2026-01-01', to: '2026-01-02' },
  },
  'post /api/v1/review-rules/:id/withdraw': { roles: ['issuer.seal-keeper'], body: {} },
  'post /api/v1/licences': { roles: ['issuer.clerk'], body: submission() },
  'get /api/v1/licences': { roles: ISSUERS },
  'get /api/v1/licences/:id': { roles: ISSUERS },
  'post /api/v1/licences/:id/review': { roles: ['issuer.reviewer'], body: { decision: 'approved' } },
  'post /api/v1/licences/:id/withdraw': { roles: ['issuer.clerk'], body: { reason: '误报' } },
  'post /api/v1/licences/:id/seal': { roles: ['issuer.seal-keeper'], body: {} },
  'post /api/v1/licences/:id/status': {
    roles: ['issuer.clerk', 'issuer.reviewer'],
    body: { act: 'suspend', legalBasis: '规定', reason: '核查' },
  },
  'post /api/v1/licences/:id/planned-moves/:moveId/withdraw': { roles: ['issuer.clerk', 'issuer.reviewer'], body: why },
  'post /api/v1/licences/:id/successions': {
    roles: ['issuer.clerk'],
    body: { act: 'amend', legalBasis: '规定', reason: '变更' },
  },
  'get /api/v1/licences/:id/as-of': { roles: ISSUERS, query: '?at=2026-03-02T01:00:00Z' },
  'get /api/v1/licences/:id/preview': { roles: ISSUERS },
  'get /api/v1/licences/:id/files/:format': { roles: [...ISSUERS, 'holder'] },
  'post /api/v1/cases': { roles: ['issuer.clerk'], body: notice },
  'post /api/v1/cases/batch-size': {
    roles: ['bureau.officer'],
    body: { caseNumber: 'AJ-0', catalogueCode: ENTRY.code, organisationCode: ISSUER, batchSize: 1, reason: '有误' },
  },
  'post /api/v1/cases/withdrawal': {
    roles: ['issuer.clerk', 'bureau.officer'],
    body: { caseNumber: 'AJ-0', catalogueCode: ENTRY.code, reason: '误报' },
  },
  'get /api/v1/deadlines': { roles: LATE, query: '?stage=warned' },
  'get /api/v1/calendar': { roles: ROLES },
  'get /api/v1/calendar/explain': { roles: ROLES, query: '?from=2026-02-13&workingDays=5' },
  'get /api/v1/calendar/years/:year': { roles: ROLES },
  'post /api/v1/calendar/years/:year': { roles: ['bureau.officer'], body: { state: 'published', days: [] } },
  'post /api/v1/calendar/import': { roles: ['bureau.officer'], body: { years: [2026], ical: 'x' } },
  'get /api/v1/deadlines/overdue': { roles: LATE },
  'get /api/v1/deadlines/:id': { roles: LATE },
  'get /api/v1/deadlines/league': { roles: LATE, query: '?from=2026-01-01&to=2026-03-31' },
  'post /api/v1/deadlines/:id/reason': {
    roles: ['issuer.clerk', 'issuer.reviewer'],
    body: { reason: '系统升级未及时推送' },
  },
  'get /api/v1/notices': { roles: TOLD },
  'post /api/v1/notices/:id/read': { roles: TOLD, body: {} },
  'post /api/v1/matters': {
    roles: ['bureau.officer'],
    body: { code: 'SX-1', name: '事项', organisationCode: CONSUMER, catalogueCodes: [ENTRY.code] },
  },
  'post /api/v1/uses': { roles: CONSUMERS, body: use },
  'post /api/v1/sharing/list': { roles: CONSUMERS, body: { useCode: within.useCode } },
  'post /api/v1/sharing/preview': { roles: CONSUMERS, body: within },
  'post /api/v1/sharing/status': { roles: CONSUMERS, body: within },
  'post /api/v1/sharing/compare': { roles: CONSUMERS, body: { ...within, fields: {} } },
  'post /api/v1/sharing/copy': { roles: CONSUMERS, body: within },
  'post /api/v1/archives': { roles: ARCHIVISTS, body: { purpose: 'issued', year: 2026 } },
  'get /api/v1/archives': { roles: [...ARCHIVISTS, ...CONSUMERS] },
  'get /api/v1/archives/:id': { roles: [...ARCHIVISTS, ...CONSUMERS] },
  'get /api/v1/archives/:id/volumes': { roles: [...ARCHIVISTS, ...CONSUMERS] },
  'get /api/v1/archives/:id/volumes/:volume': { roles: [...ARCHIVISTS, ...CONSUMERS] },
  'get /api/v1/licences/:id/archives': { roles: ISSUERS },
  'post /api/v1/licences/:id/prints': { roles: ISSUERS, body: { purpose: '窗口打印' } },
  'post /api/v1/sharing/prints': { roles: CONSUMERS, body: within },
  'get /api/v1/prints/:serial': { roles: [...ISSUERS, ...CONSUMERS] },
  'post /api/v1/analyses': { roles: ['consumer.approver'], body: application(NOBODY) },
  'get /api/v1/analyses': { roles: ANALYSTS },
  'post /api/v1/analyses/trace': { roles: ['bureau.officer'], body: { rows: [{ mark: '0'.repeat(32) }] } },
  'get /api/v1/analyses/:number': { roles: ANALYSTS },
  'get /api/v1/analyses/:number/count': { roles: ['bureau.officer'] },
  'post /api/v1/analyses/:number/decision': {
    roles: ['bureau.officer'],
    body: { decision: 'refused', reason: '无必要' },
  },
  'post /api/v1/analyses/:number/withdraw': { roles: ['consumer.approver'], body: {} },
  'post /api/v1/analyses/:number/revoke': { roles: ['bureau.officer'], body: why },
  'post /api/v1/analyses/:number/download': { roles: ['consumer.approver'], body: {} },
  'get /api/v1/my/licences': { roles: ['holder'] },
  'post /api/v1/objections': {
    roles: ['holder', ...CONSUMERS],
    body: { identifier: within.identifier, text: '地址有误' },
  },
  'post /api/v1/objections/:number/answer': {
    roles: ['issuer.reviewer'],
    body: { outcome: 'upheld', answer: '已经更正' },
  },
  'get /api/v1/objections/:number': { roles: ROLES },
  'get /api/v1/objections': { roles: ['holder', ...CONSUMERS, ...ISSUERS, 'bureau.officer', 'bureau.supervisor'] },
  'post /api/v1/objections/:number/evidence': {
    roles: ['holder', ...CONSUMERS, 'issuer.clerk', 'issuer.reviewer'],
    body: {},
    query: '?name=a.pdf',
  },
  'get /api/v1/objections/:number/evidence/:evidenceId': { roles: ROLES },
  'post /api/v1/objections/:number/withdraw': { roles: ['holder', ...CONSUMERS], body: {} },
  'post /api/v1/objections/:number/handler': { roles: ['issuer.clerk', 'issuer.reviewer'], body: { handler: 'U' } },
  'post /api/v1/objections/:number/plan': { roles: ['issuer.clerk', 'issuer.reviewer'], body: { plan: '更正地址' } },
  'post /api/v1/objections/:number/correction': { roles: ['issuer.clerk', 'issuer.reviewer'], body: { sequence: 2 } },
  'post /api/v1/objections/:number/reminders': {
    roles: ['bureau.officer', 'bureau.supervisor'],
    body: { words: '请即答复' },
  },
  'post /api/v1/verifications': { roles: ROLES, body: {} },
  'post /api/v1/verifications/print': { roles: ROLES, body: {} },
  'post /api/v1/front-ends': {
    roles: ['bureau.officer', 'admin.system'],
    body: { name: 'machine', organisationCode: ISSUER, url: 'sqlite:/nowhere/machine.db' },
  },
  'get /api/v1/front-ends': { roles: ['bureau.officer', 'bureau.supervisor', 'admin.system'] },
  'get /api/v1/exchange/status': { roles: ['bureau.officer', 'bureau.supervisor', 'admin.system'] },
  'get /api/v1/exchange/refusals': {
    roles: ['bureau.officer', 'bureau.supervisor', 'admin.system', 'issuer.clerk', 'issuer.reviewer'],
  },
  'post /api/v1/exchange/refusals/:id/replay': {
    roles: ['bureau.officer', 'admin.system', 'issuer.clerk', 'issuer.reviewer'],
    body: {},
  },
  'get /api/v1/exchange/alarms': { roles: ['bureau.officer', 'bureau.supervisor', 'admin.system'] },
  'get /api/v1/exchange/statements': { roles: ['bureau.officer', 'bureau.supervisor', 'admin.system', 'auditor'] },
  'get /api/v1/exchange/statements/:day': { roles: ['bureau.officer', 'bureau.supervisor', 'admin.system', 'auditor'] },
  'get /api/v1/organisations/sheet': { roles: ROLES },
  'post /api/v1/organisations/sheet': { roles: ['admin.system'], body: {} },
  'get /api/v1/users/sheet': { roles: ROLES },
  'post /api/v1/users/sheet': { roles: ['admin.security'], body: {} },
  'get /api/v1/changes': { roles: KNOWING },
  'post /api/v1/change-grants': {
    roles: ['bureau.officer'],
    body: { organisationCode: CONSUMER, catalogueCode: ENTRY.code },
  },
  'get /api/v1/change-grants': { roles: ['bureau.officer', 'bureau.supervisor'] },
  'post /api/v1/subscriptions': {
    roles: SUBSCRIBERS,
    body: { name: '审批系统', url: 'https://notices.example/' },
  },
  'get /api/v1/subscriptions': { roles: SUBSCRIBERS },
  'get /api/v1/subscriptions/:id': { roles: SUBSCRIBERS },
  'post /api/v1/subscriptions/:id': { roles: SUBSCRIBERS, body: { state: 'paused' } },
  'post /api/v1/subscriptions/:id/secret': { roles: SUBSCRIBERS, body: {} },
  'post /api/v1/subscriptions/:id/ping': { roles: SUBSCRIBERS, body: {} },
  'get /api/v1/subscriptions/:id/deliveries': { roles: SUBSCRIBERS },
  'get /api/v1/subscriptions/:id/deliveries/:delivery': { roles: SUBSCRIBERS },
  'post /api/v1/subscriptions/:id/deliveries/:delivery/redeliver': { roles: SUBSCRIBERS, body: {} },
  'get /api/v1/inspections': { roles: [...LATE, 'holder'] },
  'post /api/v1/inspections/results': {
    roles: ['issuer.clerk', 'issuer.reviewer'],
    body: { items: [{ inspectionId: 'invented', result: 'passed', ...why }] },
  },
  'post /api/v1/inspections/:id/result': {
    roles: ['issuer.clerk', 'issuer.reviewer'],
    body: { result: 'passed', ...why },
  },
  'post /api/v1/inspections/:id/statement': { roles: ['holder'], body: { text: '无违法记录' } },
  'get /api/v1/commitments': { roles: LATE },
  'get /api/v1/commitments/annulments': { roles: LATE },
  'get /api/v1/licences/:id/commitment': { roles: LATE },
  'post /api/v1/licences/:id/commitment': {
    roles: ['issuer.clerk'],
    body: { items: [{ name: '资金证明', dueOn: '2026-12-31' }] },
  },
  'post /api/v1/licences/:id/commitment/items/:item/arrive': { roles: ['issuer.clerk'], body: {} },
  'post /api/v1/licences/:id/commitment/rectify': {
    roles: ['issuer.clerk', 'issuer.reviewer'],
    body: { dueOn: '2026-12-31', ...why },
  },
  'post /api/v1/licences/:id/commitment/rectified': { roles: ['issuer.clerk', 'issuer.reviewer'], body: why },
  'post /api/v1/materials/obtainable': { roles: CONSUMERS, body: { useCode: 'INVENTED0123' } },
  'post /api/v1/paper-requests': {
    roles: CONSUMERS,
    body: { useCode: 'INVENTED0123', catalogueCode: ENTRY.code, reason: '核对原件' },
  },
  'get /api/v1/paper-requests': { roles: [...SUPERVISED, 'consumer.window'] },
  'get /api/v1/paper-requests/:id': { roles: [...SUPERVISED, 'consumer.window'] },
  'post /api/v1/paper-requests/:id/judgement': { roles: ['bureau.supervisor'], body: { tenable: false, ...why } },
  'post /api/v1/paper-reports': {
    roles: ['holder'],
    body: { organisationCode: CONSUMER, catalogueCode: ENTRY.code, askedOn: '2026-03-02', words: '窗口要求交复印件' },
  },
  'get /api/v1/paper-reports': { roles: [...SUPERVISED, 'holder'] },
  'get /api/v1/paper-reports/:id': { roles: [...SUPERVISED, 'holder'] },
  'post /api/v1/paper-reports/:id/judgement': { roles: ['bureau.supervisor'], body: { confirmed: false, ...why } },
  'get /api/v1/supervision/reports': { roles: SUPERVISED },
  'get /api/v1/supervision/reports/:id': { roles: SUPERVISED },
  'get /api/v1/supervision/reports/:id/figures/:figure/cases': { roles: SUPERVISED },
  'get /api/v1/supervision/reports/:id/xlsx': { roles: ['bureau.officer', 'bureau.supervisor'] },
  'get /api/v1/supervision/reports/:id/pdf': { roles: ['bureau.officer', 'bureau.supervisor'] },
  'get /api/v1/supervision/findings': { roles: SUPERVISED },
  'get /api/v1/supervision/findings/:id': { roles: SUPERVISED },
  'get /api/v1/supervision/orders': { roles: SUPERVISED },
  'get /api/v1/supervision/orders/:id': { roles: SUPERVISED },
  'get /api/v1/supervision/orders/:id/pdf': { roles: SUPERVISED },
  'get /api/v1/supervision/orders/:id/referral-record': { roles: ['bureau.officer', 'bureau.supervisor'] },
  'get /api/v1/supervision/circulars': { roles: ROLES.filter((role) => role !== 'holder') },
  'post /api/v1/supervision/orders/:id/acknowledge': { roles: ORDERED, body: {} },
  'post /api/v1/supervision/orders/:id/answer': { roles: ORDERED, body: { answer: '已全部补推' } },
  'post /api/v1/supervision/orders': {
    roles: ['bureau.supervisor'],
    body: { organisationCode: ISSUER, findings: ['invented'], persons: ['王一'], demand: '补推全部逾期证照' },
  },
  'post /api/v1/supervision/orders/:id/accept': { roles: ['bureau.supervisor'], body: why },
  'post /api/v1/supervision/orders/:id/return': { roles: ['bureau.supervisor'], body: why },
  'post /api/v1/supervision/orders/:id/criticise': { roles: ['bureau.supervisor'], body: {} },
  'post /api/v1/supervision/orders/:id/refer': {
    roles: ['bureau.supervisor'],
    body: { authority: '市纪委监委', legalBasis: '《暂行办法》第二十九条', reason: '拒不整改' },
  },
  'post /api/v1/supervision/orders/:id/conclude': { roles: ['bureau.supervisor'], body: { outcome: '已处理' } },
  'post /api/v1/supervision/orders/:id/withdraw': { roles: ['bureau.supervisor'], body: why },
  'get /api/v1/audit/entries': { roles: AUDITORS },
  'post /api/v1/audit/search': { roles: AUDITORS, body: {} },
};

const fill = (path: string) => path.replace(':format', 'ofd').replaceAll(/:\w+/g, 'NOSUCH000000');
const protectedRoutes = ROUTES.filter((route) => route.access === 'caller' && route.method !== 'delete');

describe('roles and routes', () => {
  let web: Web;

  before(async function () {
    this.timeout(60_000);
    web = await openWeb();
    for (const role of ROLES) await web.person(role);
  });

  after(() => web.close());

  it('speaks of every route that is not public', () => {
    const paths = protectedRoutes.map(({ method, path }) => `${method} ${path}`);
    expect(Object.keys(CALLS)).to.have.members(paths);
  });

  describe('for nobody in particular', () => {
    let stored: Awaited<ReturnType<typeof countRows>>;

    before(async () => {
      stored = await countRows(web.house);
    });

    for (const { method, path } of ROUTES.filter((route) => route.access === 'caller')) {
      it(`are closed: 401 from ${method} ${path}`, async () => {
        const call = web.nobody[method as 'get' | 'post' | 'delete'];
        expectProblem(await call(fill(path)), 401, 'UNAUTHENTICATED');
      });
    }

    it('store nothing', async () => expect(await countRows(web.house)).to.deep.equal(stored));
  });

  for (const [name, { roles, body, query = '' }] of Object.entries(CALLS)) {
    const [method = '', path = ''] = name.split(' ');
    it(`${name} is for ${roles.length === ROLES.length ? 'all' : roles.join(', ')}`, async () => {
      const callAs = async (role: Role) => {
        const hand = await web.person(role);
        return method === 'get' ? hand.get(fill(path) + query) : hand.post(fill(path) + query, body);
      };
      for (const role of roles) expect((await callAs(role)).status, role).to.not.be.oneOf([401, 403, 500]);
      const before = await countRows(web.house);
      for (const role of ROLES) if (!roles.includes(role)) expectProblem(await callAs(role), 403, 'FORBIDDEN');
      expect(await countRows(web.house), 'refused, and stored').to.deep.equal(before);
    });
  }
});

describe('another department’s licence', () => {
  let web: Web;

  before(async () => {
    web = await openWeb();
  });

  after(() => web.close());

  it('looks exactly like one that does not exist, whatever is asked of it', async function () {
    this.timeout(60_000);
    const { licenceId } = await issue(web);
    const calls = [
      ['issuer.clerk', 'get', '', undefined],
      ['issuer.clerk', 'get', '/preview', undefined],
      ['issuer.clerk', 'get', '/files/ofd', undefined],
      ['issuer.reviewer', 'post', '/review', { decision: 'approved' }],
      ['issuer.seal-keeper', 'post', '/seal', {}],
      ['issuer.clerk', 'post', '/status', { act: 'cancel', legalBasis: '无', reason: '无' }],
    ] as const;
    for (const [role, method, path, body] of calls) {
      const foreign = await web.person(role, OTHER_ISSUER);
      const ask = (id: string) => {
        const address = `/api/v1/licences/${id}${path}`;
        return method === 'get' ? foreign.get(address) : foreign.post(address, body);
      };
      const real = expectProblem(await storingNothing(web, async () => ask(licenceId)), 404, 'NOT_FOUND');
      const invented = expectProblem(await ask('01ARZ3NDEKTSV4RRFFQ69G5FAV'), 404, 'NOT_FOUND');
      expect({ ...real, requestId: '' }).to.deep.equal({ ...invented, requestId: '' });
    }
  });

  it('is not in its lists', async () => {
    await submit(web);
    const foreign = await web.person('issuer.clerk', OTHER_ISSUER);
    const response = await foreign.get('/api/v1/licences');
    expect(response.body).to.deep.equal({ items: [], next: null });
  });
});
