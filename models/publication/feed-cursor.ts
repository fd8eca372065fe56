/** The cursor of the feed as readers carry it: opaque, and good for as long as what follows it is kept. */
import { Fault } from '../kernel/fault.ts';

const FORM = /^zkc1-(\d{1,15})$/;

export function toCursor(position: number): string {
  return Buffer.from(`zkc1-${position}`).toString('base64url');
}

/** Throws `FEED_CURSOR_LOST` for what is no cursor of ours. */
export function readCursor(cursor: string): number {
  const position = FORM.exec(Buffer.from(cursor, 'base64url').toString('latin1'))?.[1];
  if (position === undefined) throw new Fault('FEED_CURSOR_LOST');
  return Number(position);
}
