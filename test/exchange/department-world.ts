/** A furnished house with one department whose front-end machine is registered. */
import type { OpenDatabase } from '../world/each-database.ts';
import { ISSUER, OTHER_ISSUER, openFurnishedHouse } from '../world/sample-entry.ts';
import type { TestHouse } from '../world/test-house.ts';
import { type Department, furnishOther, openDepartment, registerMachine } from './department.ts';

export interface DepartmentWorld {
  readonly house: TestHouse;
  readonly department: Department;
  /** Of its front-end database. */
  readonly url: string;
  close(): Promise<void>;
}

/** @param name of its machine; `other` seals by itself */
export async function openDepartmentWorld(
  openDatabase: OpenDatabase,
  name: 'zjj' | 'other' = 'zjj',
): Promise<DepartmentWorld> {
  const house = await openFurnishedHouse(await openDatabase());
  if (name === 'other') await furnishOther(house);
  const url = await openDatabase();
  const department = await openDepartment(url);
  await registerMachine(house, name, name === 'other' ? OTHER_ISSUER : ISSUER, url);
  return {
    ...{ house, department, url },
    async close() {
      await department.connection.close();
      await house.close();
    },
  };
}
