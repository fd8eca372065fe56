/** The contract between the exchange and whatever carries its messages to the provincial library and back: HTTP, or the
 *  tables of a provincial front-end machine. A connector decides nothing: what is sent, verified, recorded and tried again
 *  is decided once, for all connectors, by the rooms beside this one. */
import type { CatalogueDefinition } from '../../models/catalogue/index.ts';
import { Fault } from '../../models/kernel/fault.ts';
import type { LicenceRecord } from '../../models/licence/index.ts';
import type { ProvinceTree } from '../reconcile/province-tree.ts';

/** Named by its digest; its bytes are read and verified only when they travel. */
export interface ProvinceFile {
  readonly name: string;
  /** SM3, hex. */
  readonly sm3: string;
  /** As it was stored; 0 where nobody has written it down. */
  readonly sizeBytes: number;
  /** Reads the bytes and verifies them right before they leave. Throws `Held`; of what comes back also `ProvinceAway`. */
  read(): Promise<Uint8Array>;
}

interface Message {
  /** `licence:<identifier>` or `catalogue:<code>`. */
  readonly subject: string;
  /** Of the licence, or the version of the entry; the province applies a subject's states in this order. */
  readonly sequence: number;
  /** SM3 over the canonical JSON of `record` and the files' names and digests. */
  readonly digest: string;
  readonly files: readonly ProvinceFile[];
}

export interface LicenceMessage extends Message {
  readonly kind: 'licence';
  readonly record: LicenceRecord;
}

export interface CatalogueRecord {
  readonly code: string;
  readonly version: number;
  readonly state: string;
  readonly definition: Omit<CatalogueDefinition, 'baseImages'>;
}

export interface CatalogueMessage extends Message {
  readonly kind: 'catalogue';
  readonly record: CatalogueRecord;
}

/** The newest state of one licence or catalogue entry on its way. */
export type ProvinceMessage = LicenceMessage | CatalogueMessage;

/** What became of a message. A subject without any outcome got no answer that can be believed, and is tried again. */
export type ProvinceOutcome =
  | { readonly outcome: 'accepted'; readonly receiptId: string }
  /** A newer state is held there already, it says; this one changed nothing. */
  | { readonly outcome: 'stale'; readonly heldSequence: number; readonly receiptId: string }
  /** For good: nothing goes again until somebody replays it or the subject changes. */
  | { readonly outcome: 'refused'; readonly reason: string; readonly receiptId: string | null }
  /** It did not leave: what should have travelled did not verify. */
  | { readonly outcome: 'held'; readonly reason: string; readonly mayMend: boolean }
  /** Handed over for good; the receipt comes later by `collect`. */
  | { readonly outcome: 'pending' }
  /** Not now: tried again with back-off. */
  | { readonly outcome: 'delayed'; readonly reason: string };

/** What proves outcomes, kept once however many subjects it speaks of. */
export interface ReceiptProof {
  /** Ours, unique. */
  readonly receiptId: string;
  readonly batchId: string;
  /** As it came, with the signature over exactly this text in base64; empty where the carrier knows no signatures. */
  readonly text: string;
  readonly signature: string;
}

export interface Sent {
  /** By subject. */
  readonly outcomes: ReadonlyMap<string, ProvinceOutcome>;
  readonly receipts: readonly ReceiptProof[];
  /** Why answers were not believed, one word each: forged, of another batch, of a digest or sequence we never sent. */
  readonly unbelieved: readonly string[];
}

/** A message that was handed over and has no receipt yet. */
export interface PendingMessage {
  readonly subject: string;
  readonly sequence: number;
  readonly digest: string;
}

/** The province refuses what it had taken before. */
export interface LateRefusal {
  /** As of messages: the state that was handed over. */
  readonly subject: string;
  readonly sequence: number;
  readonly digest: string;
  readonly reason: string;
  /** It is recorded: not told again, and what lies there counts as not handed over. */
  settle(): Promise<void>;
}

/** A licence that a provincial or national system issued (省级回传). */
export interface ReturnedLicence {
  readonly subject: string;
  readonly sequence: number;
  /** As of messages. */
  readonly digest: string;
  /** In the shape of a licence record; judged by the receiver. */
  readonly record: unknown;
  readonly files: readonly ProvinceFile[];
}

/** 目录代码: what the province calls a catalogue entry of ours. */
export interface CatalogueAnswer {
  readonly code: string;
  readonly provincialCode: string;
}

export interface ProvincePage<Item> {
  readonly items: readonly Item[];
  /** To ask with the next time, kept after the items are. */
  readonly cursor: string;
  readonly more: boolean;
}

/** Nobody answers, or what answers is no answer. Everything waits, for days if need be. */
export class ProvinceAway extends Fault {
  /** The province asked to be left alone until then. */
  readonly notBefore: Date | undefined;
  /** It did answer, but would not read what was sent. */
  readonly unreadable: boolean;

  constructor(options: {
    readonly detail?: string;
    readonly cause?: unknown;
    readonly notBefore?: Date | undefined;
    readonly unreadable?: boolean;
  }) {
    const { notBefore, unreadable = false, ...rest } = options;
    super('PROVINCE_UNAVAILABLE', rest);
    this.notBefore = notBefore;
    this.unreadable = unreadable;
  }
}

export interface ProvinceConnector {
  /** Names the link in records, logs and metrics. */
  readonly name: string;
  /** How many messages one `send` takes. */
  readonly mostItems: number;
  /** All subjects are different. Throws `ProvinceAway` when nobody answers. */
  send(messages: readonly ProvinceMessage[]): Promise<Sent>;
  /** Something plain that whoever is there can answer, whatever messages do to it. Throws `ProvinceAway`. */
  knock(): Promise<void>;
  /** By which what is held there is compared; absent: it cannot be compared. */
  readonly tree?: ProvinceTree;
  /** Which of these have their receipt by now. */
  collect?(pending: readonly PendingMessage[]): Promise<Sent>;
  /** What came after the cursor, as far as one pass looks; the walk begins anew at its end. */
  lateRefusals?(cursor: string | null): Promise<ProvincePage<LateRefusal>>;
  /** What came after the cursor; null: from the beginning. */
  returned?(cursor: string | null): Promise<ProvincePage<ReturnedLicence>>;
  catalogueAnswers?(cursor: string | null): Promise<ProvincePage<CatalogueAnswer>>;
}
