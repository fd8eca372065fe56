/** Files lie in the tables as base64 text, with or without line breaks, in one piece or several. Bytes that are no base64 are taken
 *  as they are: whether they are a file is judged over the bytes themselves. */

const ALPHABET = /^[A-Za-z0-9+/\s]*={0,2}\s*$/;

export function isBase64(column: Uint8Array): boolean {
  return ALPHABET.test(Buffer.from(column).toString('latin1'));
}

export function decodeBase64(column: Uint8Array): Uint8Array {
  const text = Buffer.from(column).toString('latin1');
  return ALPHABET.test(text) ? new Uint8Array(Buffer.from(text, 'base64')) : column;
}

/** Decode piece by piece: what does not fill a group of four waits for the next piece. */
export async function* decodePieces(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let rest = '';
  let plain: boolean | undefined;
  for await (const piece of pieces) {
    plain ??= !isBase64(piece);
    if (plain) {
      yield piece;
      continue;
    }
    const text = rest + Buffer.from(piece).toString('latin1').replaceAll(/\s/g, '');
    const whole = text.length - (text.length % 4);
    rest = text.slice(whole);
    if (whole > 0) yield new Uint8Array(Buffer.from(text.slice(0, whole), 'base64'));
  }
  if (rest) yield new Uint8Array(Buffer.from(rest, 'base64'));
}
