/** Somebody on the way between a house and the services it asks: passes everything on, until told to meddle with a path. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Passing {
  readonly path: string;
  readonly body: Buffer;
  /** What the service says to this body, or to another. */
  forward(body?: Buffer): Promise<{ readonly status: number; readonly body: Buffer }>;
}

type Meddling = (passing: Passing, response: ServerResponse) => void | Promise<void>;

export interface Meddler {
  readonly url: string;
  /** Paths that were asked for, in order, since the last meddling. */
  readonly asked: readonly string[];
  /** From now on; left out: pass everything on. */
  meddle(path?: string, meddling?: Meddling): void;
  close(): Promise<void>;
}

export async function openMeddler(target: string): Promise<Meddler> {
  const asked: string[] = [];
  let between: { readonly path: string; readonly meddling: Meddling } | undefined;
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const path = request.url ?? '';
    asked.push(path);
    const { method = 'GET', headers } = request;
    const passing: Passing = {
      path,
      body: Buffer.concat(parts),
      async forward(body = passing.body) {
        const own = { authorization: headers.authorization ?? '', 'content-type': headers['content-type'] ?? '' };
        const content = method === 'GET' ? {} : { body: Uint8Array.from(body) };
        const answer = await fetch(`${target}${path}`, { method, headers: own, ...content });
        response.setHeader('content-type', answer.headers.get('content-type') ?? '');
        return { status: answer.status, body: Buffer.from(await answer.arrayBuffer()) };
      },
    };
    if (between?.path === path) return between.meddling(passing, response);
    const { status, body } = await passing.forward();
    response.writeHead(status).end(body);
  };
  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => response.destroy(error as Error));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    meddle(path, meddling) {
      asked.length = 0;
      between = path !== undefined && meddling ? { path, meddling } : undefined;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
