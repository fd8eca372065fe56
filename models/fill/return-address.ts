/** Where the fill page leads back to: https, at a host that was registered for the system; nowhere else. */
import type { PointedFault } from '../kernel/fault.ts';

export function checkReturnUrl(text: string, hosts: readonly string[]): PointedFault[] {
  const pointer = '/returnUrl';
  if (!URL.canParse(text)) return [{ pointer, code: 'FIELD_PATTERN', detail: 'https' }];
  const { protocol, username, password, host, hash } = new URL(text);
  if (protocol !== 'https:' || username !== '' || password !== '' || hash !== '')
    return [{ pointer, code: 'FIELD_PATTERN', detail: 'https' }];
  return hosts.includes(host) ? [] : [{ pointer, code: 'RETURN_HOST_UNKNOWN', detail: host.slice(0, 100) }];
}

/** With what the caller needs to go on. Nothing personal: ids and the caller's own words. */
export function composeReturn(
  returnUrl: string,
  told: { readonly state: string; readonly outcome: 'submitted' | 'cancelled'; readonly licenceId: string | null },
): string {
  const url = new URL(returnUrl);
  url.searchParams.set('outcome', told.outcome);
  url.searchParams.set('state', told.state);
  if (told.licenceId !== null) url.searchParams.set('licenceId', told.licenceId);
  return url.href;
}
