/** A receiver of notices on the loopback: a real HTTP server that behaves as told, and a register that keeps of each licence
 *  what has the highest sequence, as docs/webhooks.md advises. */
import { execFileSync } from 'node:child_process';
import { createHmac, timingSafeEqual } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Notice {
  readonly headers: IncomingHttpHeaders;
  /** As it came, byte for byte. */
  readonly text: string;
  readonly body: {
    readonly type: string;
    readonly timestamp: string;
    readonly data: { readonly identifier: string; readonly sequence: number; readonly status: string };
  };
}

/** Answers, or leaves it open. */
export type Behaviour = (notice: Notice, response: ServerResponse) => void;

export interface Receiver {
  readonly url: string;
  readonly notices: Notice[];
  behave: Behaviour;
  close(): Promise<void>;
}

export const answering =
  (status: number, text = ''): Behaviour =>
  (_notice, response) =>
    response.writeHead(status).end(text);

export const accept = answering(204);

export async function openReceiver(): Promise<Receiver> {
  const notices: Notice[] = [];
  const receiver = { url: '', notices, behave: accept, close: () => Promise.resolve() };
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const text = Buffer.concat(parts).toString('utf8');
      const notice = { headers: request.headers, text, body: JSON.parse(text) as Notice['body'] };
      notices.push(notice);
      receiver.behave(notice, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  receiver.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/notices`;
  receiver.close = () => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(() => resolve()));
  };
  return receiver;
}

/** Status of each licence by those notices that were accepted, doubles and late ones passed over. */
export function register(notices: readonly Notice[]): Map<string, string> {
  const known = new Map<string, { readonly sequence: number; readonly status: string }>();
  for (const { body } of notices) {
    const { identifier, sequence, status } = body.data;
    if (sequence > (known.get(identifier)?.sequence ?? 0)) known.set(identifier, { sequence, status });
  }
  return new Map([...known].map(([identifier, { status }]) => [identifier, status]));
}

const signed = ({ headers, text }: Notice) => `${headers['webhook-id']}.${headers['webhook-timestamp']}.${text}`;

export function signaturesOf({ headers }: Notice, version: string): string[] {
  const all = String(headers['webhook-signature']).split(' ');
  return all.flatMap((one) => (one.startsWith(`${version},`) ? [one.slice(version.length + 1)] : []));
}

/** By the words of Standard Webhooks, with nothing of ours. */
export function holdsHmac(notice: Notice, secret: string): boolean {
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
  const expected = createHmac('sha256', key).update(signed(notice)).digest();
  return signaturesOf(notice, 'v1').some((one) => {
    const given = Buffer.from(one, 'base64');
    return given.length === expected.length && timingSafeEqual(given, expected);
  });
}

/** By the OpenSSL of the machine, as docs/webhooks.md shows. */
export function holdsSm2(notice: Notice, publicKeyPem: string): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'notice-'));
  const path = (name: string) => join(folder, name);
  try {
    writeFileSync(path('key.pem'), publicKeyPem);
    writeFileSync(path('signed'), signed(notice));
    writeFileSync(path('signature'), Buffer.from(signaturesOf(notice, 'v1sm2')[0] ?? '', 'base64'));
    const given = ['pkeyutl', '-verify', '-pubin', '-inkey', path('key.pem'), '-rawin', '-digest', 'sm3'];
    const files = ['-in', path('signed'), '-sigfile', path('signature')];
    execFileSync('openssl', [...given, ...files, '-pkeyopt', 'distid:1234567812345678'], { stdio: 'pipe' });
    return true;
  } catch {
    return false;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
