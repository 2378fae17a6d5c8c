import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { BadRequest, UnsupportedMediaType } from '../errors/fhir-error.js';
import type { Evidence } from '../introspection/possession/presentation.js';
import type { ParsedBody } from '../interactions/formats/json.js';
import { parseResourceBody } from '../interactions/formats/parse-body.js';
import { LocalReferences, type ContentKind } from '../interactions/references/local-references.js';
import { IntrospectorRouter } from '../introspection/introspector-router.js';
import type { AccessRequest } from '../policy/access-request.js';
import type { RouteFamily } from '../interactions/resource-rules.js';
import type { RequestOrigin } from './authenticator.js';
import { AccessSettings } from './access-settings.js';
import { IMPERSONATION_HEADER, type WishToActAs } from './impersonation-header.js';
import { targetOf } from './http/canonical-routing.js';
import { reportedThumbprint } from './http/client-certificate.js';
import { readCredential, type Credential } from './http/credential.js';
import { peerOf, type Peer } from './http/peer.js';
import { redactHeaders } from './http/redact-headers.js';
import { rawHeaderValues } from './http/raw-headers.js';
import { isRequestUri } from './http/request-uri.js';
import { readParams, type Params } from '../interactions/http/query-params.js';
import { includedTypes, SearchReach } from './included-types.js';
import type { Route } from './route.js';
import { TrustedProxies } from './http/trusted-proxies.js';

/** A request as it arrived, read in the one way that handlers and policies share. */
export interface IncomingRequest {
  readonly id: string;
  /** Lower case. */
  readonly method: string;
  /** Canonical path, without the query. */
  readonly path: string;
  readonly queryString: string | undefined;
  readonly family: RouteFamily;
  /** Query parameters, and those of a form body where the route takes one. */
  readonly query: Params;
  /** Values of the route's own parameters, e.g. `id`. */
  readonly routeParams: Readonly<Record<string, string>>;
  /** Types that a search leads to by chains, `_has` and includes; see {@link includedTypes}. */
  readonly includedTypes: readonly string[];
  readonly peer: Peer;
  readonly contentType: string | undefined;
}

const MAX_FORM_BYTES = 65_536;
const FORM = /^application\/x-www-form-urlencoded\s*(?:;|$)/i;

/** Reads requests: first who asks, and only for those who may be known, what is in the body. */
@Injectable()
export class RequestReader {
  private readonly trustedProxies: TrustedProxies;
  private readonly local: LocalReferences;

  constructor(
    private readonly settings: AccessSettings,
    private readonly introspection: IntrospectorRouter,
    private readonly reach: SearchReach,
  ) {
    this.trustedProxies = new TrustedProxies(settings.trustedProxies);
    this.local = new LocalReferences(settings.localBases, settings.systemTypes);
  }

  /** @throws BadRequest for repeated credentials or a token in the query, 401 for a malformed one. */
  credential(http: FastifyRequest): Credential {
    const { queryString } = targetOf(http.raw);
    const source = { rawHeaders: http.raw.rawHeaders, queryParams: readParams(queryString) };
    if (!this.introspection.takesCookies()) return readCredential(source);
    const { aspxauthCookie: name, trustedOrigins } = this.settings;
    return readCredential(source, { name, method: http.method, trustedOrigins });
  }

  /** What else the request says of its sender, read only as far as it is asked for. */
  origin(http: FastifyRequest): RequestOrigin {
    return {
      address: () => this.peer(http).remoteAddr,
      evidence: () => this.evidence(http),
    };
  }

  private evidence(http: FastifyRequest): Evidence {
    return {
      method: http.method,
      proofs: () => rawHeaderValues(http.raw.rawHeaders, 'dpop'),
      isTarget: (uri) => isRequestUri(uri, this.settings.baseUrl, targetOf(http.raw).path),
      certificateThumbprint: () => this.certificateThumbprint(http),
    };
  }

  /** Whom the sender wants to act as, if that is said; several headers are joined and so no id. */
  wishToActAs({ id, headers }: FastifyRequest): WishToActAs | undefined {
    const whom = headers[IMPERSONATION_HEADER]?.toString();
    return whom === undefined ? undefined : { whom, requestId: id };
  }

  request(http: FastifyRequest, { operation }: Pick<Route, 'operation'>): IncomingRequest {
    const { path, queryString } = targetOf(http.raw);
    const query = this.parameters(http, queryString);
    const routeParams = http.params as Record<string, string>;
    return {
      id: http.id,
      method: http.method.toLowerCase(),
      path,
      queryString,
      family: path === '/fhir' || path.startsWith('/fhir/') ? 'fhir' : 'plain',
      query,
      routeParams,
      includedTypes: includedTypes({ operation, routeParams, query }, this.reach),
      contentType: http.headers['content-type'],
      peer: this.peer(http),
    };
  }

  /** What policies would see of a request without its parameters and its body, which may not be readable. */
  outline(http: FastifyRequest): AccessRequest {
    const { path, queryString } = targetOf(http.raw);
    const { headers, scheme, remoteAddr } = this.peer(http);
    return {
      'request-method': http.method.toLowerCase(),
      scheme,
      uri: path,
      ...(queryString === undefined ? {} : { 'query-string': queryString }),
      headers: redactHeaders(headers),
      'remote-addr': remoteAddr,
    };
  }

  /**
   * The body, with references to clinical resources here in their shortest form where clients may write them
   * in several ({@link AccessSettings.localBases}).
   *
   * @throws FhirError 400, 413 or 415 when the body cannot be read; `undefined` when there is none.
   */
  body(
    http: FastifyRequest,
    route: Pick<Route, 'operation' | 'systemType'>,
  ): ParsedBody | undefined {
    assertNotEncoded(http);
    if (isForm(http)) return undefined;
    const bytes = http.body instanceof Uint8Array ? http.body : undefined;
    const body = parseResourceBody(bytes, http.headers['content-type'], this.settings.bodyLimits);
    const kind = contentKind(http.method, route);
    return body && kind ? this.local.inBody(body, kind) : body;
  }

  private peer({ raw: { socket, headers } }: FastifyRequest): Peer {
    return peerOf({
      remoteAddress: socket.remoteAddress,
      isEncrypted: 'encrypted' in socket,
      headers,
      trustedProxies: this.trustedProxies,
    });
  }

  /** The header counts only as far as {@link peerOf} leaves it: set by a trusted proxy. */
  private certificateThumbprint(http: FastifyRequest): string | undefined {
    const name = this.settings.clientCertificateHeader;
    if (name === undefined || rawHeaderValues(http.raw.rawHeaders, name).length !== 1) {
      return undefined;
    }
    const value = this.peer(http).headers[name];
    return typeof value === 'string' ? reportedThumbprint(name, value) : undefined;
  }

  /** A search may send its parameters as a form; a parameter that is in both places is ambiguous. */
  private parameters(http: FastifyRequest, queryString: string | undefined): Params {
    const query = readParams(queryString);
    if (!isForm(http)) return query;
    const form = readParams(formText(http.body));
    const both = Object.keys(form).find((name) => Object.hasOwn(query, name));
    if (both !== undefined) throw new BadRequest(`${both} is in the query and in the form`);
    return { ...query, ...form };
  }
}

/** Undefined where the content is none of clinical resources: patterns of policies may look like references. */
function contentKind(
  method: string,
  { operation = '', systemType }: Pick<Route, 'operation' | 'systemType'>,
): ContentKind | undefined {
  if (systemType !== undefined || !operation.startsWith('Fhir')) return undefined;
  if (operation === 'FhirTransaction') return 'requests';
  return method === 'PATCH' ? 'patch' : 'resource';
}

/** @throws BadRequest 400 for a form that is longer than any search: each part of it is compared and decided. */
function formText(body: unknown): string {
  if (!(body instanceof Uint8Array)) return '';
  if (body.length > MAX_FORM_BYTES) {
    throw new BadRequest(`A form has ${MAX_FORM_BYTES} bytes at most`, 'too-long');
  }
  return Buffer.from(body).toString();
}

/** Nothing is decompressed, and what is read as it came must not be meant otherwise (RFC 9110 §8.4). */
function assertNotEncoded({ headers }: FastifyRequest): void {
  const coding = headers['content-encoding']?.trim().toLowerCase() ?? 'identity';
  if (coding !== 'identity') {
    throw new UnsupportedMediaType('Bodies are read uncompressed; leave Content-Encoding out');
  }
}

/** Only `_search` takes a form (FHIR R4, RESTful API §3.1.0.9); a resource in one is refused with 415. */
function isForm(http: FastifyRequest): boolean {
  const { path } = targetOf(http.raw);
  return path.endsWith('/_search') && FORM.test(http.headers['content-type'] ?? '');
}
