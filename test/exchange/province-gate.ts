/** A gate before a province: lets requests through as they are, or answers 400 by itself where it is told to. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Gate {
  readonly url: string;
  close(): void;
}

const HEADER = 'x-zhengku-signature';

/** @param refuses by the text of the body and the path */
export async function openGate(to: string, refuses: (body: string, path: string) => boolean): Promise<Gate> {
  const pass = async (request: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    if (refuses(body.toString('utf8'), request.url ?? '')) {
      response.writeHead(400).end();
      return;
    }
    const headers = { [HEADER]: String(request.headers[HEADER]) };
    const method = request.method ?? 'GET';
    const answer = await fetch(`${to}${request.url}`, { method, headers, ...(method === 'POST' ? { body } : {}) });
    response.writeHead(answer.status, { [HEADER]: answer.headers.get(HEADER) ?? '' }).end(await answer.text());
  };
  const server = createServer((request, response) => void pass(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close };
}
