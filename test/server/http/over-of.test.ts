import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import express from 'express';
import { makeApp } from '../../../server/http/app.ts';
import { makeOverOf } from '../../../server/http/over-of.ts';
import { bodyOfAnswer, openWeb, type Web } from './web.ts';

describe('an answer that somebody waits for', () => {
  let web: Web;
  let server: Server | undefined;

  before(async function () {
    this.timeout(60_000);
    web = await openWeb();
  });
  afterEach(() => {
    server?.closeAllConnections();
    server?.close();
  });
  after(() => web.close());

  const listen = async (app: express.Express) => {
    server = createServer(app).listen(0, '127.0.0.1');
    await once(server, 'listening');
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  };

  it('is given at once when the server stops', async () => {
    const stopping = new AbortController();
    const app = makeApp(web.house, { ratePerMinute: 1000, accountsFile: '', stopping: stopping.signal });
    const base = await listen(app);
    const clerk = await web.person('issuer.clerk');
    const { next } = bodyOfAnswer<{ next: string }>(await clerk.get('/api/v1/changes?after=latest'));
    const asked = once(server as Server, 'request');
    const page = fetch(`${base}/api/v1/changes?after=${next}&wait=30`, { headers: { ...clerk.headers } });
    await asked;
    stopping.abort();
    expect(await (await page).json()).to.deep.equal({ items: [], next, more: false });
  });

  it('is over when the client leaves', async () => {
    const app = express();
    const overOf = makeOverOf();
    const over = new Promise<void>((resolve) => {
      app.get('/', (_request, response) => overOf(response).addEventListener('abort', () => resolve()));
    });
    const base = await listen(app);
    const leaving = new AbortController();
    const asked = once(server as Server, 'request');
    const answer = fetch(base, { signal: leaving.signal }).catch((error: Error) => error.name);
    await asked;
    leaving.abort();
    expect(await answer).to.equal('AbortError');
    await over;
  });
});
