import { FhirError } from '../errors/fhir-error.js';

/** Nobody said who they are, and no policy allows that anonymously: 401 with both challenges. */
export class AuthenticationRequired extends FhirError {
  readonly status = 401;
  override readonly headers = {
    'www-authenticate': ['Bearer realm="fhir"', 'Basic realm="fhir"'],
  };

  constructor() {
    super([
      {
        code: 'login',
        diagnostics: 'Send a bearer token of a configured identity provider, or Basic as a Client',
      },
    ]);
  }
}

/** A Client id and secret that do not authenticate: 401. */
export class InvalidClient extends FhirError {
  readonly status = 401;
  override readonly headers = { 'www-authenticate': 'Basic realm="fhir"' };

  constructor() {
    super([
      {
        code: 'login',
        diagnostics: 'The Client is unknown or inactive, may not use Basic, or its secret is wrong',
      },
    ]);
  }
}

/** Authenticated, but no policy allows the request: 403. */
export class AccessDenied extends FhirError {
  readonly status = 403;

  /** @param why what an engineer should know beyond the bare fact */
  constructor(why?: string) {
    const fact = 'No access policy allows this request';
    super([{ code: 'forbidden', diagnostics: why === undefined ? fact : `${fact}: ${why}` }]);
  }
}

/** A cookie authenticates the request, but a foreign page may have caused it: 403. */
export class CrossSiteRequest extends FhirError {
  readonly status = 403;

  constructor() {
    super([
      {
        code: 'forbidden',
        diagnostics:
          'With a cookie, requests other than GET and HEAD need the Origin of this server or one of ' +
          'BOX_SECURITY_CORS_ORIGINS',
      },
    ]);
  }
}

/** Only an administrator may do this, whatever the policies allow: 403. */
export class AdministratorRequired extends FhirError {
  readonly status = 403;

  constructor() {
    super([
      {
        code: 'forbidden',
        diagnostics:
          'This is for administrators: a User or Client that an AccessPolicy with engine allow and ' +
          'without roleName is linked to',
      },
    ]);
  }
}

/** The `su` header asks for what is not given: 403. */
export class ImpersonationRefused extends FhirError {
  readonly status = 403;

  /** @param why the reason, in a clause */
  constructor(why: string) {
    super([{ code: 'forbidden', diagnostics: `su: ${why}` }]);
  }
}
