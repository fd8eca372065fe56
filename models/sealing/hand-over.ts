/** What a sealing thread made, on its way to the process: memory that a file fills is moved, not copied twice. */
import { move, transferableSymbol, valueSymbol } from 'piscina';

/** Of the files in `made`, those that share their memory with nothing else are moved; the others are copied. */
export function handOver<R extends object>(made: R): { readonly made: R } {
  const answer = { made };
  const owned = (made instanceof Uint8Array ? [made] : Object.values(made)).flatMap(ownedMemory);
  return move({ [transferableSymbol]: owned, [valueSymbol]: answer }) as unknown as typeof answer;
}

function ownedMemory(value: unknown): ArrayBuffer[] {
  if (!(value instanceof Uint8Array)) return [];
  const { buffer, byteLength } = value;
  return buffer instanceof ArrayBuffer && buffer.byteLength === byteLength ? [buffer] : [];
}
