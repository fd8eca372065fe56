/** Text for XML parts. */
const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', '\t': '&#9;', '\n': '&#10;', '\r': '&#13;',
};

/** Escape text for an attribute value or an element. */
export function escapeXml(text: string): string {
  return text.replace(/[&<>"\t\n\r]/g, (character) => ESCAPES[character] ?? character);
}

/** Millimetres with at most three decimals, no trailing zeros. */
export function millimetres(value: number): string {
  return String(Math.round(value * 1000) / 1000);
}

export const OFD_NAMESPACE = 'http://www.ofdspec.org/2016';
export const XML_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n';
