/** XML parts of an archive volume: UTF-8, one element a line, the same tree the same bytes. */
import { escapeXml } from '../ofd/escape-xml.ts';

export interface XmlNode {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** Text, or elements. */
  readonly content: string | readonly XmlNode[];
}

/** An element; null and undefined become an empty one. */
export function node(
  name: string,
  content: string | number | boolean | null | undefined | readonly XmlNode[] = '',
  attributes: Readonly<Record<string, string>> = {},
): XmlNode {
  const given = Array.isArray(content) ? (content as readonly XmlNode[]) : wordOf(content as string | null);
  const told = Object.entries(attributes).map(([key, value]) => [key, withoutControls(value)]);
  return { name, attributes: Object.fromEntries(told) as XmlNode['attributes'], content: given };
}

/** What somebody wrote may hold characters that XML 1.0 has no form for; they become U+FFFD, and the rest is kept. */
function withoutControls(text: string): string {
  return text.replace(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, '\ufffd');
}

function wordOf(value: string | number | boolean | null | undefined): string {
  if (typeof value === 'boolean') return value ? '是' : '否';
  return value === null || value === undefined ? '' : withoutControls(String(value));
}

export function writeXml(root: XmlNode): Uint8Array {
  return new TextEncoder().encode(`<?xml version="1.0" encoding="UTF-8"?>\n${writeNode(root, '')}`);
}

function writeNode({ name, attributes, content }: XmlNode, indent: string): string {
  const given = Object.entries(attributes).map(([key, value]) => ` ${key}="${escapeXml(value)}"`);
  const open = `${indent}<${name}${given.join('')}`;
  if (content.length === 0) return `${open}/>\n`;
  if (typeof content === 'string') return `${open}>${escapeXml(content)}</${name}>\n`;
  return `${open}>\n${content.map((child) => writeNode(child, `${indent}  `)).join('')}${indent}</${name}>\n`;
}
