import { Injectable } from '@nestjs/common';
import type { Caller } from '../../identity/caller.js';
import type { AccessRequest } from '../../policy/access-request.js';
import type { Decision } from '../../policy/decide.js';
import type { PolicySet } from '../../policy/index/policy-set.js';
import {
  isDenial,
  type DecisionTrace,
  type RefusedTrace,
  type TracedCaller,
  type TracedDecision,
} from './decision-trace.js';
import { keepDecision } from './kept-decision.js';
import { keepRequest } from './kept-request.js';
import { DenialStore } from './denial-store.js';
import { TraceRing } from './trace-ring.js';
import { TracingSettings } from './tracing-settings.js';

/** Sets of policies that are kept alive for those who ask why one of them was not considered. */
const MAX_SNAPSHOTS = 4;

/** What a decision was made of. */
export interface Decided {
  readonly requestId: string;
  readonly request: AccessRequest;
  readonly caller: Caller;
  readonly decision: Decision;
  readonly policies: PolicySet;
  readonly administration: boolean;
}

/** What a request was that is refused before, or in spite of, the decision of the policies. */
export type TurnedAway = Pick<
  RefusedTrace,
  'requestId' | 'stage' | 'scheme' | 'caller' | 'error'
> & {
  readonly request: AccessRequest;
};

/** The latest decisions of this instance; denials go to the store as well. */
@Injectable()
export class DecisionTraces {
  private readonly ring: TraceRing;
  private readonly snapshots: PolicySet[] = [];
  /** Number of the first of them. */
  private firstSnapshot = 0;

  constructor(
    settings: TracingSettings,
    private readonly denials: DenialStore,
  ) {
    this.ring = new TraceRing(settings.traces, settings.traceBytes);
  }

  /** Remembers a decision of policies. */
  decided({ requestId, request, caller, decision, policies, administration }: Decided): void {
    const kept = keepRequest(request);
    const { decision: shown, consideredMore, bytes } = keepDecision(decision, kept);
    this.add({
      kind: 'decided',
      requestId,
      atMs: Date.now(),
      request: kept.request,
      cut: kept.cut,
      isCopy: kept.isCopy,
      bytes,
      decision: shown,
      consideredMore,
      caller: callerOf(caller),
      administration,
      snapshot: this.numberOf(policies),
    });
  }

  /** Remembers a request that something else than the policies refused. */
  refused({ request, ...turnedAway }: TurnedAway): void {
    this.add({ kind: 'refused', atMs: Date.now(), ...turnedAway, ...keepRequest(request) });
  }

  /**
   * The decisions about one request, in order: of a Bundle its own and those about its entries.
   *
   * @param most how many are returned; `total` counts all that are remembered
   */
  find(requestId: string, most: number): { found: readonly TracedDecision[]; total: number } {
    const traces = [...this.ring.latest()].filter((trace) => trace.requestId === requestId);
    const found = traces.reverse().slice(0, most);
    return { found: found.map((trace) => this.traced(trace)), total: traces.length };
  }

  /** Every remembered decision, latest first. */
  latest(): Iterable<DecisionTrace> {
    return this.ring.latest();
  }

  private add(trace: DecisionTrace): void {
    this.ring.add(trace);
    if (isDenial(trace)) this.denials.add(this.traced(trace));
  }

  private traced(trace: DecisionTrace): TracedDecision {
    const number = trace.kind === 'decided' ? trace.snapshot - this.firstSnapshot : -1;
    return { trace, policies: this.snapshots[number] };
  }

  private numberOf(policies: PolicySet): number {
    const known = this.snapshots.lastIndexOf(policies);
    if (known >= 0) return this.firstSnapshot + known;
    this.snapshots.push(policies);
    if (this.snapshots.length > MAX_SNAPSHOTS) {
      this.snapshots.shift();
      this.firstSnapshot += 1;
    }
    return this.firstSnapshot + this.snapshots.length - 1;
  }
}

function callerOf({ kind, introspectorId, authenticatedBy }: Caller): TracedCaller {
  return { kind, introspectorId, authenticatedBy };
}
