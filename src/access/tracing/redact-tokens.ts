const REDACTED = '[redacted]';

/** Tokens in the compact form of RFC 7519, cut ones included. */
const JWT = /eyJ[\w-]{8,}(?:\.[\w-]*){0,4}/g;
/** Credentials under their scheme, wherever they were sent. */
const SCHEMED = /\b(Basic|Bearer|DPoP)( +)[\w.~+/-]{6,}=*/gi;
/** Parameters of a URL that carry a credential. */
const PARAMETER = /([?&](?:[\w-]*token|code|[\w-]*secret|password|assertion)=)[^&"\\\s#]+/gi;
/** Secrets in the forms in which they are stored. */
const HASHED = /__sha256:[0-9a-f]+|\$s0\$[\w$+/=.-]+/gi;

/**
 * JSON text without what looks like a credential, whatever the name of the member that it stands in. Still
 * the same JSON otherwise.
 */
export function redactTokens(json: string): string {
  return json
    .replace(SCHEMED, `$1$2${REDACTED}`)
    .replace(JWT, REDACTED)
    .replace(PARAMETER, `$1${REDACTED}`)
    .replace(HASHED, REDACTED);
}
