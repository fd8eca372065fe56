/** Which addresses of the network others may send us to: a certificate that names a list, a department that wants notices. An
 *  address inside our own network would make this program ask its neighbours on a stranger's behalf. */
import { lookup as lookUp } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';

const inside = new BlockList();
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const)
  inside.addSubnet(network, prefix, 'ipv4');
for (const [network, prefix] of [
  // Loopback, unspecified, and IPv4 in its old clothes.
  ['::', 96],
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['2001::', 32],
  ['2002::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
] as const)
  inside.addSubnet(network, prefix, 'ipv6');

/** Special-purpose addresses (RFC 6890) of both families, mapped ones too. */
export function isInside(address: string): boolean {
  const family = isIP(address);
  return family === 0 || inside.check(address, family === 4 ? 'ipv4' : 'ipv6');
}

/** What stands in an address in the place of a host, without brackets. */
export const hostOf = (url: URL) => url.hostname.replace(/^\[|\]$/g, '');

export class AddressRefused extends Error {
  override readonly name = 'AddressRefused';
}

/** Hosts inside our network that may be asked all the same; `any` for a demonstration on one machine. */
export type InsideHosts = readonly string[] | 'any';

/** May this address be asked, as far as its text tells? A name is judged again when it is looked up. */
export function mayAsk(url: URL, insideHosts: InsideHosts): boolean {
  const host = hostOf(url);
  return insideHosts === 'any' || insideHosts.includes(host) || isIP(host) === 0 || !isInside(host);
}

/** How the host of an address is looked up. Throws `AddressRefused` for what may not be asked. */
export function lookUpFor(url: URL, insideHosts: InsideHosts): { readonly lookup?: LookupFunction } {
  if (!mayAsk(url, insideHosts)) throw new AddressRefused();
  return insideHosts === 'any' || insideHosts.includes(hostOf(url)) ? {} : { lookup: lookUpOutside(lookUp) };
}

/** Looks names up as usual and gives only addresses outside. What is connected to is what was judged, so that a name that
 *  changes its address in between gains nothing. */
export const lookUpOutside =
  (ask: typeof lookUp): LookupFunction =>
  (host, options, done) => {
    ask(host, { ...options, all: true }, (error, addresses) => {
      if (error) return done(error, []);
      if (addresses.length === 0 || addresses.some(({ address }) => isInside(address)))
        return done(new AddressRefused(), []);
      if (options.all) return done(null, addresses);
      const [first] = addresses;
      return done(null, first?.address ?? '', first?.family);
    });
  };
