import type { JsonObject } from '../../policy/json.js';
import type { Clock } from '../clock.js';
import { OutboundFailure } from '../outbound/outbound-failure.js';
import type { OutboundHttp } from '../outbound/outbound-http.js';

/** One call with what came of it. */
export interface RecordedCall {
  readonly url: string;
  readonly answer?: JsonObject;
  readonly failure?: OutboundFailure;
}

/** The guarded client, with a record of its calls and of the time that the other side has. */
export class RecordedHttp implements Pick<OutboundHttp, 'getJson' | 'postForm'> {
  readonly calls: RecordedCall[] = [];
  /** By how much the clock of who answered last is ahead, in milliseconds; negative when behind. */
  aheadMs: number | undefined;

  constructor(
    private readonly http: OutboundHttp,
    private readonly clock: Clock,
  ) {}

  getJson: OutboundHttp['getJson'] = (url, options) =>
    this.record(url, this.http.getJson(url, { ...options, purpose: 'check', onDate: this.onDate }));

  postForm: OutboundHttp['postForm'] = (url, options) =>
    this.record(
      url,
      this.http.postForm(url, { ...options, purpose: 'check', onDate: this.onDate }),
    );

  /** Why the host rules refuse a URL; undefined when they do not. */
  refusalOf(url: string): string | undefined {
    return this.http.checkUrl(url);
  }

  private readonly onDate = (atMs: number): void => {
    this.aheadMs = atMs - this.clock.now();
  };

  private async record(url: string, call: Promise<JsonObject>): Promise<JsonObject> {
    try {
      const answer = await call;
      this.calls.push({ url, answer });
      return answer;
    } catch (error) {
      if (error instanceof OutboundFailure) this.calls.push({ url, failure: error });
      throw error;
    }
  }
}
