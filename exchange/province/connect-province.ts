/** The connector that the settings ask for. */
import type { House } from '../../models/house.ts';
import type { ProvinceConnector } from './connector.ts';
import { connectHttp } from './http/connect.ts';
import type { Province } from './http/line.ts';

export type { Province } from './http/line.ts';

export function connectProvince(house: House, province: Province): ProvinceConnector {
  return connectHttp(house, province);
}
