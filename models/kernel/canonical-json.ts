/** JSON with sorted keys and no spaces, so that the same facts always give the same bytes (RFC 8785 in spirit;
 *  our values are strings, integers, booleans, null, lists and records). */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item ?? null)).join(',')}]`;
  if (value !== null && typeof value === 'object') {
    // Dates and masked values say themselves what stands for them, as they do for JSON.stringify.
    if ('toJSON' in value && typeof value.toJSON === 'function') return canonicalJson(value.toJSON());
    const entries = Object.entries(value).filter(([, item]) => item !== undefined);
    entries.sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonicalJson(item)}`).join(',')}}`;
  }
  return JSON.stringify(value);
}
