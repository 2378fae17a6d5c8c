import { DataSource } from 'typeorm';
import { ANONYMOUS, type Caller } from '../../identity/caller.js';
import { MetricsRegistry } from '../../metrics/metrics-registry.js';
import type { AccessRequest } from '../../policy/access-request.js';
import { PolicySet } from '../../policy/index/policy-set.js';
import { DecisionTraces } from '../tracing/decision-traces.js';
import { DenialMetrics } from '../tracing/denial-metrics.js';
import { DenialStore } from '../tracing/denial-store.js';
import { RecordedRequests } from './recorded-requests.js';

const settings = { traces: 10_000, traceBytes: 50_000_000, denialRetentionMs: 0, storedDenials: 0 };
const NOTHING_STORED = new DenialStore(
  new DataSource({ type: 'postgres' }),
  settings,
  new DenialMetrics(new MetricsRegistry()),
);

let traces: DecisionTraces;
let recorded: RecordedRequests;

beforeEach(() => {
  traces = new DecisionTraces(settings, NOTHING_STORED);
  recorded = new RecordedRequests(traces);
});

function decided(requestId: string, request: AccessRequest, caller: Caller = ANONYMOUS): void {
  traces.decided({
    requestId,
    request,
    caller,
    decision: { effect: 'deny', reason: 'no-policy', considered: [] },
    policies: PolicySet.of(new Map()),
    administration: false,
  });
}

describe('requests to try policies on', () => {
  it('are the last thousand, the newest first', () => {
    for (let at = 0; at < 1_250; at += 1) decided(`r${at}`, { uri: '/x' });
    const ids = recorded.recent().map(({ requestId }) => requestId);

    expect(ids).toHaveLength(1_000);
    expect(ids[0]).toBe('r1249');
    expect(ids.at(-1)).toBe('r250');
  });

  it('are not those that were refused before policies were asked', () => {
    decided('decided', { uri: '/x' });
    traces.refused({
      requestId: 'refused',
      stage: 'authentication',
      scheme: 'bearer',
      caller: undefined,
      error: new Error('refused'),
      request: { uri: '/x' },
    });

    expect(recorded.recent().map(({ requestId }) => requestId)).toEqual(['decided']);
  });

  it.each([
    ['whole', { note: 'x'.repeat(4_096) }, false],
    ['in part', { note: 'x'.repeat(4_097) }, true],
    ['whole', Array.from({ length: 999 }, () => 1), false],
    ['in part', Array.from({ length: 1_001 }, () => 1), true],
  ])('say that a body is kept %s', (_how, body, isIncomplete) => {
    decided('r', { 'request-method': 'post', uri: '/x', body, resource: body });

    expect(recorded.recent()).toMatchObject([{ isIncomplete }]);
  });

  it.each<[string, AccessRequest, Partial<Caller>]>([
    ['User/u1', { user: { id: 'u1' } }, { kind: 'token', introspectorId: 'i1' }],
    ['Client/c1', { client: { id: 'c1' } }, {}],
    ['a token of TokenIntrospector/i1', {}, { kind: 'token', introspectorId: 'i1' }],
    ['anonymous', {}, {}],
  ])('name %s as their caller', (name, request, caller) => {
    decided('r', { uri: '/x', ...request }, { ...ANONYMOUS, ...caller });

    expect(recorded.recent()).toMatchObject([{ caller: name }]);
  });
});
