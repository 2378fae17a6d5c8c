import type { OpenAPIObject } from '@nestjs/swagger';

type Components = NonNullable<OpenAPIObject['components']>;

/** References to the shared descriptions of failures, by status. */
export type Failures = Readonly<Record<string, { readonly $ref: string }>>;

const DESCRIPTIONS: Readonly<Record<string, string>> = {
  400: 'Unparsable, ambiguous, or with a parameter that is not supported',
  401: 'No credential, or one that is not valid; WWW-Authenticate says what is accepted',
  403: 'Authenticated, but no access policy allows it',
  404: 'Unknown id or type',
  409: 'Something that must be unique exists already; of a create, also an id that was deleted',
  410: 'The id was deleted',
  412: 'If-Match does not name the current version, or If-None-Match does',
  413: 'The body is larger than BOX_WEB_MAX_BODY',
  415: 'A media type that is not read here',
  422: 'Not a valid resource: one issue a problem, with its path',
  429: 'Too many wrong secrets from there or for that account, or a check under way; see Retry-After',
  501: 'Conditional interactions are not supported',
  503: 'The identity provider or the database cannot be asked now; see Retry-After',
};

const EXAMPLES: Readonly<Record<string, readonly [code: string, diagnostics: string]>> = {
  400: ['invalid', 'access_token is in the query'],
  401: ['login', 'Send a bearer token of a configured identity provider, or Basic as a Client'],
  403: ['forbidden', 'No access policy allows this request'],
  404: ['not-found', 'Patient/p1 is not known'],
  409: ['duplicate', 'Patient/p1 exists or existed already'],
  410: ['deleted', 'Patient/p1 was deleted'],
  412: ['conflict', 'If-Match names version 1, the current one is 2'],
  413: ['too-long', 'The body is larger than 20971520 bytes'],
  415: ['not-supported', 'Send the body as application/fhir+json'],
  422: ['structure', 'Unknown element'],
  429: ['throttled', 'Too many attempts with a wrong secret'],
  501: ['not-supported', 'Conditional interactions are not supported'],
  503: ['transient', 'The database cannot be reached now; try again'],
};

/** What every failure looks like, by status; routes refer to these. */
export const FAILURES: NonNullable<Components['responses']> = Object.fromEntries(
  Object.entries(DESCRIPTIONS).map(([status, description]) => [
    status,
    { description, content: { 'application/fhir+json': outcome(status) } },
  ]),
);

/** Resources that several routes answer or take, besides the system resources. */
export const SCHEMAS: NonNullable<Components['schemas']> = {
  OperationOutcome: {
    type: 'object',
    required: ['resourceType', 'issue'],
    properties: {
      resourceType: { type: 'string', enum: ['OperationOutcome'] },
      issue: {
        type: 'array',
        items: {
          type: 'object',
          required: ['severity', 'code'],
          properties: {
            severity: { type: 'string', enum: ['fatal', 'error', 'warning', 'information'] },
            code: { type: 'string', description: 'http://hl7.org/fhir/issue-type' },
            diagnostics: { type: 'string', description: 'What is wrong and what to do about it' },
            expression: { type: 'array', items: { type: 'string' }, description: 'FHIRPath' },
          },
        },
      },
    },
  },
  Bundle: {
    type: 'object',
    required: ['resourceType', 'type'],
    properties: {
      resourceType: { type: 'string', enum: ['Bundle'] },
      type: { type: 'string', enum: ['searchset', 'history'] },
      total: { type: 'integer' },
      link: { type: 'array', items: { type: 'object' } },
      entry: { type: 'array', items: { type: 'object' } },
    },
    example: { resourceType: 'Bundle', type: 'searchset', total: 0, link: [] },
  },
  Resource: {
    type: 'object',
    description: 'A resource of FHIR R4',
    required: ['resourceType'],
    properties: { resourceType: { type: 'string' }, id: { type: 'string' } },
    additionalProperties: true,
    example: { resourceType: 'Patient', id: 'p1', name: [{ family: 'Chalmers' }] },
  },
};

/** What is known of a route. */
interface Described {
  readonly isGuarded: boolean;
  readonly hasBody: boolean;
  /** Statuses that its decorators name. */
  readonly described: readonly string[];
}

/** The failures of a route: those its decorators name, and those that it shares with all of its kind. */
export function failuresOf({ isGuarded, hasBody, described }: Described): Failures {
  const statuses = [
    ...(isGuarded ? ['400', '401', '403', '429', '503'] : []),
    ...(hasBody ? ['413', '415'] : []),
    ...described.filter((status) => Object.hasOwn(DESCRIPTIONS, status)),
  ];
  return Object.fromEntries(
    [...new Set(statuses)]
      .toSorted()
      .map((status) => [status, { $ref: `#/components/responses/${status}` }]),
  );
}

function outcome(status: string): { schema: { $ref: string }; example: unknown } {
  const [code, diagnostics] = EXAMPLES[status] ?? [];
  return {
    schema: { $ref: '#/components/schemas/OperationOutcome' },
    example: {
      resourceType: 'OperationOutcome',
      issue: [{ severity: 'error', code, diagnostics }],
    },
  };
}
