import type { RefusalCode } from '../refusal.js';

/** What a check of an introspector looks at, in the order of its answer. */
export const CHECK_STEPS = [
  'introspector',
  'provider',
  'discovery',
  'keys',
  'endpoint',
  'clock',
  'token',
  'routing',
  'issuer',
  'purpose',
  'time',
  'audience',
  'required-claims',
  'signature',
  'possession',
  'user',
  'roles',
] as const;

/** Name of a step. */
export type CheckStepName = (typeof CHECK_STEPS)[number];

/** `warning`: tokens are accepted all the same; `skipped`: there was nothing to look at. */
export type CheckStatus = 'ok' | 'warning' | 'failed' | 'skipped';

/** What a step may find besides the reasons for which tokens are refused, with what that means. */
export const CHECK_FINDINGS = {
  active: 'ok',
  inactive: 'failed',
  'provider-found': 'ok',
  'no-provider': 'skipped',
  'provider-missing': 'warning',
  'provider-inactive': 'warning',
  'provider-without-system': 'warning',
  'userinfo-refused': 'warning',
  'discovery-read': 'ok',
  'discovery-other-issuer': 'failed',
  'discovery-without-keys': 'failed',
  'keys-read': 'ok',
  'some-keys-unusable': 'warning',
  'no-usable-key': 'failed',
  'no-key-set': 'failed',
  'no-secret': 'failed',
  'url-refused': 'failed',
  'address-refused': 'failed',
  'name-unknown': 'failed',
  'connection-refused': 'failed',
  'connection-closed': 'failed',
  'tls-failed': 'failed',
  'timed-out': 'failed',
  redirected: 'failed',
  'unexpected-status': 'failed',
  'answer-unusable': 'failed',
  'call-failed': 'failed',
  'endpoint-answers': 'ok',
  'credentials-refused': 'failed',
  'clock-agrees': 'ok',
  'clock-differs': 'warning',
  'no-token': 'skipped',
  'token-read': 'ok',
  'token-active': 'ok',
  'routed-here': 'ok',
  'issuer-shared': 'warning',
  'routed-elsewhere': 'failed',
  'issuer-fits': 'ok',
  'purpose-fits': 'ok',
  'time-fits': 'ok',
  'audience-fits': 'ok',
  'audience-unchecked': 'warning',
  'claims-there': 'ok',
  'signature-verified': 'ok',
  'signature-unchecked': 'skipped',
  unbound: 'ok',
  'proof-needed': 'warning',
  'user-found': 'ok',
  'user-to-create': 'ok',
  'no-user': 'warning',
  'user-unknown': 'warning',
  'user-protected': 'failed',
  'user-inactive': 'failed',
  'client-found': 'ok',
  'no-client': 'warning',
  'client-inactive': 'failed',
  'client-protected': 'failed',
  'roles-found': 'ok',
  'no-roles': 'skipped',
} as const satisfies Readonly<Record<string, CheckStatus>>;

/** What a step may find besides a refusal. */
export type CheckFinding = keyof typeof CHECK_FINDINGS;

/** What one step of a check found. Never holds a token, a signature or a secret. */
export interface CheckStep {
  readonly step: CheckStepName;
  readonly status: CheckStatus;
  /** Stable; the code of a refusal is the one in traces. */
  readonly code: CheckFinding | RefusalCode;
  /** In plain words. */
  readonly message: string;
  /** What to do about it. */
  readonly fix?: string;
}

const MAX_SHOWN = 256;

/** A step with what it found. */
export function found(
  step: CheckStepName,
  code: CheckFinding,
  message: string,
  fix?: string,
): CheckStep {
  return { step, status: CHECK_FINDINGS[code], code, message, ...(fix ? { fix } : {}) };
}

/** A step that refuses the token, for the reason for which a request with it would be refused. */
export function refusing(
  step: CheckStepName,
  code: RefusalCode,
  message: string,
  fix?: string,
): CheckStep {
  return { step, status: 'failed', code, message, ...(fix ? { fix } : {}) };
}

/** A value from outside as a message may hold it: quoted, without control characters, bounded. */
export function shown(value: unknown): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value);
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
}
