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
  return { name, attributes, content: given };
}

function wordOf(value: string | number | boolean | null | undefined): string {
  if (typeof value === 'boolean') return value ? '是' : '否';
  return value === null || value === undefined ? '' : String(value);
}

/** @throws MALFORMED for texts that XML cannot hold */
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
