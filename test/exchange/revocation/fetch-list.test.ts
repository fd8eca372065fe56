import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { type FetchLimits, fetchBytes } from '../../../exchange/revocation/fetch-list.ts';
import { isInside } from '../../../exchange/revocation/public-address.ts';

const LIMITS: FetchLimits = { timeoutMs: 5_000, mostBytes: 1000, insideHosts: ['127.0.0.1'] };

/** What comes of asking a server that behaves like this. */
async function ask(behave: RequestListener, limits: Partial<FetchLimits> = {}, path = '/list.crl') {
  const server = createServer(behave);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  try {
    return await fetchBytes(`http://127.0.0.1:${port}${path}`, { ...LIMITS, ...limits });
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

describe('fetching what a certificate points at', () => {
  it('gives the bytes', async () => {
    const answer = await ask((_request, response) => response.end('list'));
    expect(Buffer.from(answer.bytes ?? []).toString()).to.equal('list');
  });

  it('stops at the limit of size, stated or not, and of time', async () => {
    const stated: RequestListener = (_request, response) => response.end(Buffer.alloc(1001));
    const endless: RequestListener = (_request, response) => {
      const more = () => {
        while (!response.destroyed && response.write(Buffer.alloc(500)));
        if (!response.destroyed) response.once('drain', more);
      };
      more();
    };
    expect(await ask(stated)).to.deep.equal({ fault: 'TOO_LARGE' });
    expect(await ask(endless)).to.deep.equal({ fault: 'TOO_LARGE' });
    expect(await ask(() => undefined, { timeoutMs: 100 })).to.deep.equal({ fault: 'TIMEOUT' });
    const slow: RequestListener = (_request, response) => response.write('a');
    expect(await ask(slow, { timeoutMs: 100 })).to.deep.equal({ fault: 'TIMEOUT' });
  });

  it('takes no half answer, and no answer that is none', async () => {
    const half: RequestListener = (request, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('half', () => request.socket.destroy());
    };
    expect(await ask(half)).to.deep.equal({ fault: 'UNREACHABLE' });
    for (const status of [204, 404, 500]) {
      expect(await ask((_request, response) => response.writeHead(status).end())).to.deep.equal({
        fault: 'HTTP_STATUS',
      });
    }
    expect(await fetchBytes('http://127.0.0.1:1/', LIMITS)).to.deep.equal({ fault: 'UNREACHABLE' });
  });

  it('is led on within a host, a few times, and never to another', async () => {
    const within: RequestListener = (request, response) => {
      if (request.url === '/list.crl') response.writeHead(302, { location: '/there.crl' }).end();
      else response.end('there');
    };
    expect(Buffer.from((await ask(within)).bytes ?? []).toString()).to.equal('there');
    const to = (location: string): RequestListener => {
      return (_request, response) => response.writeHead(302, { location }).end();
    };
    expect(await ask(to('/again'))).to.deep.equal({ fault: 'REDIRECT' });
    expect(await ask(to('http://elsewhere.example/'))).to.deep.equal({ fault: 'REDIRECT' });
    expect(await ask(to('http://127.0.0.2/'))).to.deep.equal({ fault: 'REDIRECT' });
    expect(await ask(to('file:///etc/passwd')))
      .to.have.property('fault')
      .that.is.oneOf(['REDIRECT', 'ADDRESS_REFUSED']);
  });

  it('asks nobody inside the own network, by number or by name, unless the operator says so', async () => {
    let asked = 0;
    const count: RequestListener = (_request, response) => {
      asked += 1;
      response.end('x');
    };
    expect(await ask(count, { insideHosts: [] })).to.deep.equal({ fault: 'ADDRESS_REFUSED' });
    expect(await ask(count, { insideHosts: ['mirror.example'] })).to.deep.equal({ fault: 'ADDRESS_REFUSED' });
    expect(asked).to.equal(0);
    expect(await ask(count, { insideHosts: 'any' })).to.have.property('bytes');
    const refused = { fault: 'ADDRESS_REFUSED' };
    for (const url of [
      'http://localhost/',
      'http://[::1]/',
      'http://2130706433/',
      'http://0x7f.1/',
      'http://10.0.0.1/',
    ])
      expect(await fetchBytes(url, { ...LIMITS, insideHosts: [] }), url).to.deep.equal(refused);
  });

  it('asks by HTTP only, and carries no password', async () => {
    for (const url of [
      'ldap://crl.example/x',
      'file:///etc/passwd',
      'ftp://crl.example/',
      'crl',
      'http://a:b@crl.example/',
    ])
      expect(await fetchBytes(url, LIMITS), url).to.deep.equal({ fault: 'ADDRESS_REFUSED' });
  });

  it('knows what is inside', () => {
    const inside = ['127.0.0.1', '10.1.2.3', '172.31.0.1', '192.168.1.1', '169.254.169.254', '100.64.0.1', '0.0.0.0'];
    const inside6 = ['::1', '::', 'fd00::1', 'fe80::1', '::ffff:10.0.0.1', '::ffff:7f00:1', 'nonsense', ''];
    for (const address of [...inside, ...inside6]) expect(isInside(address), address).to.equal(true);
    for (const address of ['1.1.1.1', '172.32.0.1', '203.0.114.1', '2606:4700::1111', '::ffff:1.1.1.1'])
      expect(isInside(address), address).to.equal(false);
  });
});
