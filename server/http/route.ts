/** A route is a sentence: who may call, what goes in, what comes out, and the one act it runs. From this description the
 *  server checks requests and the OpenAPI document is made. */
import type { Writable } from 'node:stream';
import type { z } from 'zod';
import type { Caller, House, Remember } from '../../models/house.ts';
import type { ReceivedFile } from '../../models/import/index.ts';
import type { Log } from '../../models/kernel/log.ts';

/** A file as an answer. */
export class FileAnswer {
  readonly bytes: Uint8Array;
  readonly mediaType: string;
  readonly fileName: string | undefined;
  readonly headers: Readonly<Record<string, string>>;

  constructor(bytes: Uint8Array, mediaType: string, fileName?: string, headers: Readonly<Record<string, string>> = {}) {
    this.bytes = bytes;
    this.mediaType = mediaType;
    this.fileName = fileName;
    this.headers = headers;
  }
}

/** A file that is written while it is sent, however long it is. */
export class WrittenAnswer {
  readonly mediaType: string;
  readonly fileName: string;
  readonly write: (to: Writable) => Promise<void>;

  constructor(mediaType: string, fileName: string, write: (to: Writable) => Promise<void>) {
    this.mediaType = mediaType;
    this.fileName = fileName;
    this.write = write;
  }
}

/** What a route's act is given. `remember` keeps the answer in the act's own transaction (idempotency). */
export interface RouteInput<Body, Query> {
  readonly house: House;
  readonly caller: Caller;
  readonly body: Body;
  readonly query: Query;
  readonly params: Readonly<Record<string, string>>;
  /** The uploaded bytes of a route that takes a file. */
  readonly file: Uint8Array;
  /** What a route with `upload` has taken in. */
  readonly received: ReceivedFile;
  /** Credentials in the Authorization header (RFC 7617), for the one call that trades them for a token. */
  readonly basic: { readonly name: string; readonly secret: string } | undefined;
  readonly remember: Remember<unknown>;
  readonly log: Log;
  /** Nobody waits for the answer any more, or the server stops: what may take long ends early. */
  readonly over: AbortSignal;
}

export interface Route<Body = unknown, Query = unknown, Answer = unknown> {
  readonly method: 'get' | 'post' | 'put' | 'delete';
  /** Express form, `:name` for parameters. */
  readonly path: string;
  readonly tag: string;
  readonly zh: string;
  readonly en: string;
  /** `public`: anybody; `caller`: whoever is authenticated (the act judges the role). */
  readonly access: 'public' | 'caller';
  readonly body?: z.ZodType<Body>;
  readonly query?: z.ZodType<Query>;
  /** The body is judged by the act itself, all faults at once; `body` then only describes it. */
  readonly bodyJudgedByAct?: boolean;
  /** Also takes `application/x-www-form-urlencoded` (OAuth 2). */
  readonly formBody?: boolean;
  /** The answer opens a session: its token goes into the cookie. */
  readonly signsIn?: boolean;
  readonly signsOut?: boolean;
  /** The body is a file of at most so many bytes. */
  readonly fileBytes?: number;
  /** The body is a file that may be large: it is laid down as it comes, once `admit` has let the caller. */
  readonly upload?: {
    readonly mostBytes: number;
    admit(input: RouteInput<Body, Query>): Promise<void>;
    /** What its owner calls it. */
    nameOf(query: Query): string;
  };
  /** Most bytes of a JSON body; default 1 MiB. */
  readonly bodyBytes?: number;
  /** What the answer looks like; the act's result must be of it. */
  readonly answer?: z.ZodType<Answer>;
  /** Headers that go with the answer. One whose `ETag` the caller has already is answered 304, without a body. */
  headersOf?(result: NoInfer<Answer>): Readonly<Record<string, string>>;
  /** Media type of an answer that is not JSON. */
  readonly answerType?: string;
  /** Status of success; default 200. */
  readonly status?: number;
  /** The act calls `remember`: its answer is kept under the Idempotency-Key and replayed. */
  readonly idempotent?: boolean;
  /** Of an idempotent route whose answer is a file: hand it out once more, by what the act remembered. */
  again?(input: RouteInput<Body, Query>, remembered: unknown): Promise<NoInfer<Answer>>;
  run(input: RouteInput<Body, Query>): Promise<NoInfer<Answer>>;
}

/** Keeps the types of body, query and answer together with the act. */
export function route<Body = undefined, Query = undefined, Answer = unknown>(
  description: Route<Body, Query, Answer>,
): Route {
  return description as unknown as Route;
}
