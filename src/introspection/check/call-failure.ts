import { AddressRefused } from '../outbound/guarded-lookup.js';
import type { OutboundFailure } from '../outbound/outbound-failure.js';
import {
  found,
  shown,
  type CheckFinding,
  type CheckStep,
  type CheckStepName,
} from './check-step.js';

/** A call that brought nothing to go by. */
export interface FailedCall {
  readonly url: string;
  readonly failure: OutboundFailure;
  /** Why the host rules refuse the URL; undefined when they do not. */
  readonly refusal: string | undefined;
}

const ALLOW_HOST =
  'Use https and a public address, or name the host in BOX_SECURITY_IDP_ALLOWED_HOSTS';
const TLS = /^(?:ERR_TLS|ERR_SSL|CERT_|UNABLE_TO_|DEPTH_ZERO|SELF_SIGNED|EPROTO|HOSTNAME_MISMATCH)/;
const BY_ERROR_CODE: ReadonlyMap<string, CheckFinding> = new Map([
  ['ENOTFOUND', 'name-unknown'],
  ['EAI_AGAIN', 'name-unknown'],
  ['ECONNREFUSED', 'connection-refused'],
  ['ECONNRESET', 'connection-closed'],
  ['EPIPE', 'connection-closed'],
  ['UND_ERR_SOCKET', 'connection-closed'],
  ['ETIMEDOUT', 'timed-out'],
]);

/** Says in plain words why a call failed and what to do about it. */
export function callFailure(step: CheckStepName, call: FailedCall): CheckStep {
  const where = shown(call.url);
  if (call.refusal !== undefined) {
    return found(step, 'url-refused', `${where} is not called: ${call.refusal}`, ALLOW_HOST);
  }
  const { status, cause, message, reason } = call.failure;
  if (status !== undefined) return unexpectedStatus(step, where, status);
  if (cause === undefined) {
    const fix = 'Open the URL from the machine of Wardgate: it must answer one JSON object';
    return found(step, 'answer-unusable', `${where}: ${message}`, fix);
  }
  return withoutAnswer(step, where, reason === 'timeout' ? 'timed-out' : undefined, cause);
}

function unexpectedStatus(step: CheckStepName, where: string, status: number): CheckStep {
  if (status >= 300 && status < 400) {
    const fix = 'Redirects are not followed; write the URL that it leads to';
    return found(step, 'redirected', `${where} answers with a redirect (${status})`, fix);
  }
  const fix =
    status === 404
      ? 'Compare the URL, its path above all, with what the provider documents'
      : 'Look into the log of the provider';
  return found(step, 'unexpected-status', `${where} answers with status ${status}`, fix);
}

function withoutAnswer(
  step: CheckStepName,
  where: string,
  known: CheckFinding | undefined,
  cause: unknown,
): CheckStep {
  const code = errorCode(cause);
  const finding = known ?? findingOf(cause, code);
  return found(
    step,
    finding,
    `${where}: ${MESSAGES[finding] ?? 'the call failed'}${code && ` (${code})`}`,
    FIXES[finding],
  );
}

const MESSAGES: Readonly<Partial<Record<CheckFinding, string>>> = {
  'address-refused': 'the name resolves to a private address',
  'name-unknown': 'the name of the host cannot be resolved',
  'connection-refused': 'nobody listens there',
  'connection-closed': 'the connection was closed before an answer came',
  'tls-failed': 'no trusted TLS connection comes about',
  'timed-out': 'no answer came in time',
};

const FIXES: Readonly<Partial<Record<CheckFinding, string>>> = {
  'address-refused': ALLOW_HOST,
  'name-unknown': 'Compare the spelling, and the DNS that the machine of Wardgate uses',
  'connection-refused':
    'Compare host and port; inside a container localhost is the container itself',
  'connection-closed': 'Compare http and https; look into the log of the provider and of proxies',
  'tls-failed':
    'Have the provider send its whole certificate chain, or give Node.js the authority (NODE_EXTRA_CA_CERTS)',
  'timed-out': 'Check firewalls, and how long the provider takes; see WARDGATE_IDP_TIMEOUT',
};

function findingOf(cause: unknown, code: string): CheckFinding {
  if (cause instanceof AddressRefused) return 'address-refused';
  if (TLS.test(code)) return 'tls-failed';
  return BY_ERROR_CODE.get(code) ?? 'call-failed';
}

function errorCode(cause: unknown): string {
  if (typeof cause !== 'object' || cause === null || !('code' in cause)) return '';
  const { code } = cause;
  return typeof code === 'string' && /^[A-Z0-9_]{1,64}$/.test(code) ? code : '';
}
