/** How long a single issue at the counter takes while a large import runs beside it, against an idle house. */
import type { ExchangeWorld } from './exchange-world.ts';

export interface MixedLoad {
  readonly figures: Readonly<Record<string, number>>;
  /** p99 beside the import to p99 of the idle house. */
  readonly ratio: number;
}

export async function measureMixedLoad(
  _world: ExchangeWorld,
  _rows: number,
  say: (line: string) => void,
): Promise<MixedLoad | undefined> {
  say('mixed load: the import is not there yet');
  return undefined;
}
