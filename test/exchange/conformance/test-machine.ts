/** A department's front-end machine as the conformance suite sees it, whatever tables it has. Keys are the department's own. */
import type { FrontEndConnection } from '../../../exchange/front-end/connection.ts';
import type { House } from '../../../models/house.ts';

export interface LaidLicence {
  /** Makes the licence's number its own. */
  readonly serial: number;
  readonly projectName?: string;
  readonly address?: string;
  readonly startOn?: string;
  readonly validTo?: string;
  readonly holderNumber?: string;
  readonly catalogueCode?: string;
}

export interface LaidFile {
  readonly format: 'ofd' | 'pdf';
  readonly bytes: Uint8Array;
  readonly identifier: string;
  readonly issuedOn: string;
}

/** Where a department says that its licence stands. */
export type LaidState = 'valid' | 'suspended' | 'expired' | 'void';

export interface SeenReceipt {
  readonly state: number;
  readonly code: string | null;
  readonly text: string;
  readonly identifier: string | null;
}

export interface TestMachine {
  readonly profile: 'zhengku' | 'henan';
  readonly connection: FrontEndConnection;
  /** New contents under a key: the first, or a correction. */
  lay(key: string, licence: LaidLicence, file?: LaidFile): Promise<void>;
  /** The licence is to stand there from now on. */
  layState(key: string, state: LaidState): Promise<void>;
  /** What was laid down last, once more. */
  layAgain(key: string): Promise<void>;
  /** Contents that cannot be read. */
  layBroken(key: string, serial: number): Promise<void>;
  /** The entry is to be out of use. */
  retire(code: string): Promise<void>;
  /** Answers to a key, oldest first; what waits has state 0 or 1. */
  receipts(key: string): Promise<readonly SeenReceipt[]>;
  /** Has the department's row been taken, so that nothing of it waits? */
  isTaken(key: string): Promise<boolean>;
  /** Everything that was answered about a key is lost in the department's database. */
  loseReceipts(key: string): Promise<void>;
  /** Somebody claims what waits of a key. */
  claimAs(key: string, owner: string, at: Date): Promise<void>;
  /** The province's code of an entry, as the department finds it. */
  provincialCode(code: string): Promise<string | undefined>;
  sourceKey(house: House, key: string): string;
  close(): Promise<void>;
}
