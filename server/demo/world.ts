/** What the demonstration knows: where things lie, who is who, and the running services. */
import type { Client } from './client.ts';
import type { Environment } from './processes.ts';
import type { DemoData } from './read-demo-entries.ts';
import type { Journey } from './step.ts';

export interface Account {
  readonly role: string;
  readonly name: string;
  readonly password?: string;
  readonly clientId?: string;
  readonly secret?: string;
}

export interface IssuedLicence {
  readonly licenceId: string;
  readonly identifier: string;
  readonly catalogueCode: string;
  readonly issuingBody: string;
  readonly verificationCode: string;
}

export interface World {
  readonly journey: Journey;
  readonly data: DemoData;
  /** `$ZHENGKU_DATA_DIR/demo`. */
  readonly folder: string;
  readonly env: Environment;
  readonly base: string;
  readonly provinceUrl: string;
  readonly accounts: Account[];
  readonly issued: Map<string, IssuedLicence>;
  /** Sign in as one of the accounts, once. */
  as(name: string): Promise<Client>;
}

export const CONSUMER = { code: '11419901MB0006066G', name: '样例市政务服务中心' } as const;
export const MATTER = { code: 'SX-0001', name: '建设工程竣工联合验收' } as const;
