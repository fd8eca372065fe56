import { eachDatabase } from '../../world/each-database.ts';
import { openHenanProvince } from './henan-province.ts';
import { openHttpProvince } from './http-province.ts';
import { provinceSuite } from './province-suite.ts';

for (const [name, openProvince] of [
  ['over HTTP', openHttpProvince],
  ['over Henan’s tables', openHenanProvince],
] as const) {
  eachDatabase(`a province ${name}`, (openDatabase) => provinceSuite(openProvince, openDatabase));
}
