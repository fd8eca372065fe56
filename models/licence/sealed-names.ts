/** What a catalogue entry lets stand on the sealed face: the values its layout draws, in words, as pictures, or as the condition
 *  under which an item appears. */
import type { CatalogueColumns } from '../catalogue/rows.ts';

const PLACEHOLDER = /\{([A-Za-z][A-Za-z0-9_]*)\}/g;

const known = new WeakMap<object, ReadonlySet<string>>();

/** Keys of fields, and names of the values that every face shares (`holderName`, `validity`, …). */
export function drawnNames({ definition }: Pick<CatalogueColumns, 'definition'>): ReadonlySet<string> {
  const found = known.get(definition) ?? readNames(definition.face);
  known.set(definition, found);
  return found;
}

function readNames({ pages }: CatalogueColumns['definition']['face']): ReadonlySet<string> {
  const names = new Set<string>();
  for (const item of pages.flatMap(({ items }) => items)) {
    if (item.kind === 'image') names.add(item.field);
    if (item.kind !== 'text') continue;
    for (const [, name = ''] of item.text.matchAll(PLACEHOLDER)) names.add(name);
    if (item.when !== undefined) names.add(item.when);
  }
  return names;
}
