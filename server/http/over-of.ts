/** When nobody waits for an answer any more: the client has left, or the server stops. */
import type { Response } from 'express';

export type OverOf = (response: Response) => AbortSignal;

export function makeOverOf(stopping?: AbortSignal): OverOf {
  // One listener for all: a signal that lives as long as the server gathers none for each request.
  const open = new Set<AbortController>();
  stopping?.addEventListener('abort', () => {
    for (const controller of open) controller.abort();
  });
  return (response) => {
    const controller = new AbortController();
    if (stopping?.aborted || response.destroyed) controller.abort();
    open.add(controller);
    response.once('close', () => {
      open.delete(controller);
      controller.abort();
    });
    return controller.signal;
  };
}
