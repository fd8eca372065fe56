/** The template from which licence numbers are made: `{yyyy}`, and one `{seq:1}` to `{seq:9}` for the count and its width. */

export interface NumberTemplate {
  readonly head: string;
  /** Digits of the count. */
  readonly width: number;
  readonly tail: string;
}

/** For one year (four digits). Undefined for a template that has no count, or several. */
export function readNumberTemplate(template: string, year: string): NumberTemplate | undefined {
  const dated = template.replaceAll('{yyyy}', year);
  const [, head = '', width = '', tail = ''] = /^([^{}]*)\{seq:([1-9])\}([^{}]*)$/.exec(dated) ?? [];
  return width ? { head, width: Number(width), tail } : undefined;
}

/** Undefined when the count is wider than its place. */
export function makeNumber({ head, width, tail }: NumberTemplate, count: number): string | undefined {
  const digits = String(count).padStart(width, '0');
  return digits.length > width ? undefined : `${head}${digits}${tail}`;
}
