/** A gate before a province: lets requests through as they are, or answers by itself where it is told to. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Gate {
  readonly url: string;
  close(): void;
}

const HEADER = 'x-zhengku-signature';

/** What it answers by itself: true for 400, or a status, with headers. */
export type GateAnswer = boolean | number | { readonly status: number; readonly headers: Record<string, string> };

/** @param refuses by the text of the body and the path; false lets it through */
export async function openGate(to: string, refuses: (body: string, path: string) => GateAnswer): Promise<Gate> {
  const pass = async (request: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const own = refuses(body.toString('utf8'), request.url ?? '');
    if (own !== false) {
      if (typeof own === 'object') response.writeHead(own.status, own.headers).flushHeaders();
      else response.writeHead(own === true ? 400 : own).end();
      return;
    }
    const headers = { [HEADER]: String(request.headers[HEADER]) };
    const method = request.method ?? 'GET';
    const answer = await fetch(`${to}${request.url}`, { method, headers, ...(method === 'POST' ? { body } : {}) });
    response
      .writeHead(answer.status, { [HEADER]: answer.headers.get(HEADER) ?? '' })
      .end(Buffer.from(await answer.arrayBuffer()));
  };
  const server = createServer((request, response) => void pass(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close };
}
