import { OutboundFailure } from './outbound-failure.js';

/** What an identity provider is called for. */
export type CallPurpose = 'keys' | 'discovery' | 'introspection' | 'userinfo' | 'check' | 'other';

const GATEWAY_ERRORS: readonly number[] = [502, 503, 504];

/**
 * Whether a failed call says that the service does not work.
 *
 * Of calls that carry what a caller sent, status 500 does not: a token made for it could provoke one
 * after the other, and with them keep everybody else from a healthy provider.
 */
export function meansDown(error: unknown, purpose: CallPurpose): boolean {
  // An administrator who looks for what is wrong wants to see it each time; no request waits for it.
  if (!(error instanceof OutboundFailure) || purpose === 'check') return false;
  const { reason, status = 0 } = error;
  switch (reason) {
    case 'timeout':
    case 'unreachable':
      return true;
    case 'status':
      return isShapedByCallers(purpose) ? GATEWAY_ERRORS.includes(status) : status >= 500;
    case 'refused':
    case 'not-tried':
    case 'unusable':
      return false;
  }
}

function isShapedByCallers(purpose: Exclude<CallPurpose, 'check'>): boolean {
  switch (purpose) {
    case 'keys':
    case 'discovery':
      return false;
    case 'introspection':
    case 'userinfo':
    case 'other':
      return true;
  }
}
