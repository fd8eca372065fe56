/** Both directions of the line carry signatures over exactly the bytes: ours to judge, ours to give. */
import type { Request, Response } from 'express';
import { type SigningKey, verifySm2 } from '../../../signing/index.ts';

export const SIGNATURE_HEADER = 'x-zhengku-signature';

/** Signed by the city over exactly these bytes? Answers 401 itself when not.
 *  @param cityKey SPKI or point of the city's repository key */
export function isFromCity(cityKey: Uint8Array, request: Request, message: Uint8Array, response: Response): boolean {
  const signature = new Uint8Array(Buffer.from(request.get(SIGNATURE_HEADER) ?? '', 'base64'));
  if (verifySm2(cityKey, message, signature)) return true;
  response.status(401).json({ code: 'SIGNATURE_INVALID' });
  return false;
}

/** A question without a body is signed over its line. */
export function asksFromCity(cityKey: Uint8Array, request: Request, response: Response): boolean {
  return isFromCity(cityKey, request, Buffer.from(`GET ${request.originalUrl}`), response);
}

export async function answerSigned(key: SigningKey, response: Response, facts: unknown): Promise<void> {
  const text = JSON.stringify(facts);
  response.setHeader(SIGNATURE_HEADER, Buffer.from(await key.sign(Buffer.from(text))).toString('base64'));
  response.type('application/json').send(text);
}
