/** Where objects are referred to from: an object that may change for what it is in one place must not be something else
 *  in another. Lists are passed through: what refers to the list refers to its members. */
import type { PdfFile } from '../syntax/pdf-file.ts';
import type { PdfDict, PdfValue } from '../syntax/pdf-value.ts';

export interface ReferenceSite {
  /** The object that refers; undefined: the trailer. */
  readonly holder: number | undefined;
  /** Keys from that object down, without the steps through lists; empty when the object is a list itself. */
  readonly path: readonly string[];
}

export type ReferenceSites = ReadonlyMap<number, readonly ReferenceSite[]>;

/** More would not be an ordinary document, and cost memory. */
const MAX_SITES = 100_000;

/** @returns undefined when there are too many */
export function referenceSites(file: PdfFile, wanted: ReadonlySet<number>): ReferenceSites | undefined {
  const sites = new Map<number, ReferenceSite[]>();
  const looked = new Set<number>();
  let count = 0;
  // lists that hold what is wanted are wanted themselves; the third round finds lists of lists of lists
  for (let [round, missing] = [0, wanted]; round < 4 && missing.size > 0; round += 1) {
    const asked = missing;
    const lists = new Set<number>();
    const see = (holder: number | undefined, path: readonly string[], number: number): void => {
      if (!asked.has(number)) return;
      count += 1;
      const known = sites.get(number) ?? [];
      known.push({ holder, path });
      sites.set(number, known);
      if (path.length === 0 && holder !== undefined) lists.add(holder);
    };
    visit(file.trailer, [], (path, number) => see(undefined, path, number));
    file.forEach((holder, value) => {
      visit(value, [], (path, number) => see(holder, path, number));
    }, mayRefer);
    if (count > MAX_SITES) return undefined;
    for (const number of asked) looked.add(number);
    missing = new Set([...lists].filter((number) => !looked.has(number)));
  }
  return sites;
}

/** The capital letter of a reference. */
function mayRefer(bytes: Buffer): boolean {
  return bytes.includes(0x52);
}

function visit(value: PdfValue | PdfDict, path: readonly string[], see: (path: readonly string[], n: number) => void) {
  if (value.kind === 'ref') see(path, value.number);
  else if (value.kind === 'array') for (const item of value.items) visit(item, path, see);
  else if (value.kind === 'dict') for (const [key, entry] of value.entries) visit(entry, [...path, key], see);
}

/** The places of an object, those of the lists it stands in put for them. */
export function placesOf(sites: ReferenceSites, number: number, depth = 0): ReferenceSite[] {
  return (sites.get(number) ?? []).flatMap((site) => {
    if (site.path.length > 0 || site.holder === undefined) return [site];
    const above = depth < 4 ? placesOf(sites, site.holder, depth + 1) : [];
    // a list nobody refers to, or nested without end: a place like no other
    return above.length > 0 ? above : [{ holder: site.holder, path: ['?'] }];
  });
}
