/** What became different in a catalogue entry since a draft was saved under an older version. */
import type { CatalogueDefinition, FieldDefinition } from '../catalogue/definition.ts';

export interface VersionChange {
  readonly from: number;
  readonly to: number;
  /** Keys of fields. */
  readonly added: readonly string[];
  readonly removed: readonly string[];
  /** The field is there still, but its name, form, length, code list or necessity is another. */
  readonly altered: readonly string[];
  /** Properties beside the fields, by their names in the entry. */
  readonly rules: readonly string[];
}

interface Version {
  readonly version: number;
  readonly definition: CatalogueDefinition;
}

const RULES = ['holderType', 'numberFormat', 'validity', 'commitment', 'reviewers', 'sealAct'] as const;

export function compareVersions(before: Version, after: Version): VersionChange {
  const old = keyed(before.definition.fields);
  const now = keyed(after.definition.fields);
  return {
    ...{ from: before.version, to: after.version },
    added: [...now.keys()].filter((key) => !old.has(key)),
    removed: [...old.keys()].filter((key) => !now.has(key)),
    altered: [...now].filter(([key, said]) => old.has(key) && old.get(key) !== said).map(([key]) => key),
    rules: RULES.filter((rule) => JSON.stringify(before.definition[rule]) !== JSON.stringify(after.definition[rule])),
  };
}

const keyed = (fields: readonly FieldDefinition[]) =>
  new Map(fields.map((field) => [field.key, JSON.stringify(field)]));
