export { foundDevelopmentAuthority } from './found-development-authority.ts';
export { openHouseKey } from './keys.ts';
export { makeSeal, sealSchema } from './make-seal.ts';
