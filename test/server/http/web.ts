/** The whole application over a real house, with people who sign in and systems that hold tokens, driven over HTTP. */
import { expect } from 'chai';
import type { Express } from 'express';
import { QueryTypes } from 'sequelize';
import request, { type Response, type Test } from 'supertest';
import type { Role } from '../../../models/account/roles.ts';
import { saveApplication } from '../../../models/account/save-application.ts';
import { saveUser, type UserInput } from '../../../models/account/save-user.ts';
import type { Caller, House } from '../../../models/house.ts';
import { FAULTS, type FaultCode } from '../../../models/kernel/fault-codes.ts';
import type { Log } from '../../../models/kernel/log.ts';
import { makeApp } from '../../../server/http/app.ts';
import { CONSUMER, ISSUER, openFurnishedHouse } from '../../world/sample-entry.ts';
import type { TestHouse } from '../../world/test-house.ts';

/** Somebody's way of calling: their cookie and CSRF token, or their bearer token, go with every call. */
export interface Hand {
  /** What goes with every call. */
  readonly headers: Readonly<Record<string, string>>;
  get(path: string): Test;
  post(path: string, body?: object): Test;
  delete(path: string): Test;
}

export interface Web {
  readonly house: TestHouse;
  readonly app: Express;
  /** Every log line so far, as it was given. */
  readonly log: readonly { readonly fields: Readonly<Record<string, unknown>>; readonly message: string }[];
  readonly nobody: Hand;
  /** The one person with this role (and of this body), signed in at the first call. */
  person(role: Role, organisationCode?: string | null): Promise<Hand>;
  /** A system with these scopes, its token taken anew. */
  system(scopes: readonly Role[], organisationCode?: string): Promise<Hand>;
  close(): Promise<void>;
}

export const PASSWORD = 'Rosa-Canina-1753';
const RATE = 1_000_000;
const setup: Caller = {
  type: 'house',
  id: 'setup',
  name: 'setup',
  organisationCode: null,
  roles: [],
  address: null,
  requestId: 'setup',
};

export async function openWeb(databaseUrl?: string): Promise<Web> {
  const log: { fields: Readonly<Record<string, unknown>>; message: string }[] = [];
  const note: Log['info'] = (fields, message) => void log.push({ fields, message });
  const house: TestHouse = { ...(await openFurnishedHouse(databaseUrl)), log: { info: note, warn: note, error: note } };
  const app = makeApp(house, { ratePerMinute: RATE, accountsFile: '/nowhere/accounts.json' });
  const people = new Map<string, Hand>();
  return {
    house,
    app,
    log,
    nobody: makeHand(app, {}),
    async person(role, organisationCode = bodyOf(role)) {
      const loginName = `${role}.${organisationCode?.toLowerCase() ?? 'none'}`;
      const known = people.get(loginName);
      if (known) return known;
      await addUser(house, { loginName, roles: [role], ...(organisationCode ? { organisationCode } : {}) });
      const hand = await signIn(app, loginName);
      people.set(loginName, hand);
      return hand;
    },
    async system(scopes, organisationCode = ISSUER) {
      const { token } = await addSystem(house, app, scopes, organisationCode);
      return makeHand(app, { Authorization: `Bearer ${token}` });
    },
    close: () => house.close(),
  };
}

function bodyOf(role: Role): string | null {
  if (role.startsWith('issuer.')) return ISSUER;
  return role.startsWith('consumer.') ? CONSUMER : null;
}

export async function addUser(house: House, input: Pick<UserInput, 'loginName' | 'roles'> & Partial<UserInput>) {
  return saveUser(house, setup, { displayName: input.loginName.slice(0, 60), password: PASSWORD, ...input });
}

export async function signIn(app: Express, name: string, password = PASSWORD): Promise<Hand> {
  const response = await request(app).post('/api/v1/session').send({ name, password });
  expect(response.status, JSON.stringify(response.body)).to.equal(201);
  const cookie = String(response.get('Set-Cookie')?.[0]).split(';')[0] ?? '';
  return makeHand(app, { Cookie: cookie, 'X-CSRF-Token': (response.body as { csrfToken: string }).csrfToken });
}

export function addSystem(house: TestHouse, app: Express, scopes: readonly Role[], organisationCode = ISSUER) {
  return addClient(house, app, { name: '接入系统', organisationCode, scopes: [...scopes] });
}

/** Client credentials and a token granted for them. */
async function addClient(house: TestHouse, app: Express, input: Parameters<typeof saveApplication>[2]) {
  const { clientId, clientSecret } = await saveApplication(house, setup, input);
  const grant = { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret };
  const response = await request(app).post('/oauth/token').send(grant);
  expect(response.status).to.equal(200);
  return { clientId, clientSecret, token: (response.body as { access_token: string }).access_token };
}

/** A script that acts in somebody's name. */
export async function personalHand({ house, app }: Web, loginName: string, scopes: readonly Role[]): Promise<Hand> {
  const { token } = await addClient(house, app, { name: '脚本', loginName, scopes: [...scopes] });
  return makeHand(app, { Authorization: `Bearer ${token}` });
}

export function makeHand(app: Express, headers: Readonly<Record<string, string>>): Hand {
  return {
    headers,
    get: (path) => request(app).get(path).set(headers),
    post: (path, body) => {
      const test = request(app).post(path).set(headers);
      return body === undefined ? test : test.send(body);
    },
    delete: (path) => request(app).delete(path).set(headers),
  };
}

/** The body of an answer as its reader sees it. */
export function bodyOfAnswer<T = Record<string, unknown>>(response: Response): T {
  return response.body as T;
}

export interface ProblemBody {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: string;
  readonly zh: string;
  readonly en: string;
  readonly detail?: string;
  readonly requestId: string;
  readonly errors?: readonly { pointer: string; code: string; message: string; zh: string; en: string }[];
}

/** An RFC 9457 document with a closed code and both languages; with `pointers`, exactly these faults in any order,
 *  each written `pointer CODE`. */
export function expectProblem(
  response: Response,
  status: number,
  code: FaultCode,
  pointers: readonly string[] = [],
): ProblemBody {
  const problem = readProblem(response);
  const given = (problem.errors ?? []).map((error) => `${error.pointer} ${error.code}`);
  expect({ status: response.status, code: problem.code }, JSON.stringify(problem)).to.deep.equal({ status, code });
  expect(given, JSON.stringify(problem)).to.have.members([...pointers]);
  expect(response.type).to.equal('application/problem+json');
  expect(problem.status).to.equal(status);
  expect(problem.zh).to.equal(FAULTS[code].zh);
  expect(problem.en).to.equal(FAULTS[code].en);
  expect(problem.requestId).to.equal(response.get('X-Request-Id'));
  for (const error of problem.errors ?? []) {
    expect(error.zh).to.match(/\p{Script=Han}/u);
    expect(error.en).to.match(/[a-z]{3}/);
    expect(FAULTS).to.have.property(error.code);
  }
  return problem;
}

/** supertest parses only `application/json`; a problem has a media type of its own. */
function readProblem(response: Response): ProblemBody {
  const body = response.body as Partial<ProblemBody>;
  return body.code === undefined ? (JSON.parse(response.text || 'null') as ProblemBody) : (body as ProblemBody);
}

/** How many rows each table holds, but for the access log. */
export async function countRows({ db }: Pick<House, 'db'>): Promise<Record<string, number>> {
  const counts = Object.entries(db.rows)
    .filter(([name]) => name !== 'auditEntries' && name !== 'auditSubjects')
    .map(([name, table]) => `SELECT '${name}' AS name, COUNT(*) AS rowCount FROM ${table.tableName}`);
  const options = { type: QueryTypes.SELECT } as const;
  const found = await db.sequelize.query<{ name: string; rowCount: number }>(counts.join(' UNION ALL '), options);
  return Object.fromEntries(found.map(({ name, rowCount }) => [name, Number(rowCount)]));
}

/** Run a call and prove that it stored nothing. */
export async function storingNothing(
  web: { readonly house: Pick<House, 'db'> },
  call: () => Promise<Response>,
): Promise<Response> {
  const before = await countRows(web.house);
  const response = await call();
  expect(await countRows(web.house)).to.deep.equal(before);
  return response;
}
