/** The connector that the settings ask for: HTTP, or Henan's front-end tables. */
import type { House } from '../../models/house.ts';
import { connectHenan } from '../henan/province/henan-connector.ts';
import type { ProvinceConnector } from './connector.ts';
import { connectHttp } from './http/connect.ts';
import type { Province as HttpProvince } from './http/line.ts';

/** The province's front-end database: `mysql://…` or `sqlite:FILE`. Its receipts are rows that were moved; nobody signs them. */
interface TablesProvince {
  readonly url: string;
  readonly publicKey?: undefined;
}

export type Province = HttpProvince | TablesProvince;

export function connectProvince(house: House, province: Province): ProvinceConnector {
  return province.publicKey ? connectHttp(house, province) : connectHenan(house, province.url);
}
