import { IsIn, IsInt, IsOptional, Max, Min } from 'class-validator';

import { Setting } from './setting.js';
import {
  EachSatisfies,
  Satisfies,
  isBaseUrl,
  isOperationName,
  isSearchParameter,
} from './setting-rules.js';

const EVERYTHING = ['types', 'compartment'] as const;
const SELF_LINKS = ['required', 'checked', 'ignored'] as const;

/** What of the `self` links of the upstream is relied on. */
export type SelfLinkTrust = (typeof SELF_LINKS)[number];

/** The FHIR server behind Wardgate, if clinical resources are not in its own store; see gateway.md. */
export class GatewaySettingGroup {
  /** Without a trailing slash. */
  @Setting({
    variable: 'FHIR_UPSTREAM_URL',
    kind: 'url',
    description:
      'Base URL of a FHIR server that holds the clinical resources; without it the built-in store does.',
    allowed: 'an absolute http or https URL without credentials, query and fragment',
  })
  @IsOptional()
  @Satisfies(isBaseUrl)
  readonly upstreamUrl?: string;

  @Setting({
    variable: 'WARDGATE_UPSTREAM_OTHER_URLS',
    kind: 'list',
    description:
      'Further base URLs by which the upstream names itself in links; they are rewritten as those of FHIR_UPSTREAM_URL.',
    allowed:
      'absolute http or https URLs without credentials, query and fragment, separated by commas',
    default: '',
  })
  @EachSatisfies(isBaseUrl)
  readonly otherUpstreamUrls!: readonly string[];

  @Setting({
    variable: 'WARDGATE_UPSTREAM_CONNECT_TIMEOUT',
    kind: 'duration',
    description: 'Time in which a connection to the upstream must stand.',
    allowed: 'a duration such as `500ms` or `3s`, from 100ms to 1m',
    default: '3s',
  })
  @IsInt()
  @Min(100)
  @Max(60_000)
  readonly connectTimeoutMs!: number;

  @Setting({
    variable: 'WARDGATE_UPSTREAM_HEADERS_TIMEOUT',
    kind: 'duration',
    description: 'Time in which the upstream must begin its answer.',
    allowed: 'a duration such as `30s` or `5m`, from 100ms to 1h',
    default: '30s',
  })
  @IsInt()
  @Min(100)
  @Max(3_600_000)
  readonly headersTimeoutMs!: number;

  @Setting({
    variable: 'WARDGATE_UPSTREAM_BODY_TIMEOUT',
    kind: 'duration',
    description: 'Time that may pass without a byte of an answer that the upstream has begun.',
    allowed: 'a duration such as `30s` or `5m`, from 100ms to 1h',
    default: '30s',
  })
  @IsInt()
  @Min(100)
  @Max(3_600_000)
  readonly bodyTimeoutMs!: number;

  @Setting({
    variable: 'WARDGATE_UPSTREAM_CONNECTIONS',
    kind: 'integer',
    description:
      'Connections that one instance keeps to the upstream; further requests wait. Reads that are sent again, because a kept one was closed, may open as many more for a moment.',
    allowed: 'an integer from 1 to 10000',
    default: '256',
  })
  @IsInt()
  @Min(1)
  @Max(10_000)
  readonly connections!: number;

  @Setting({
    variable: 'WARDGATE_UPSTREAM_CONNECTIONS_PER_CALLER',
    kind: 'integer',
    description:
      'Of these connections, those that one User or Client holds at once at most; further requests of theirs wait. A quarter, rounded up, unless set.',
    allowed: 'an integer from 1 to 10000',
  })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(10_000)
  readonly connectionsPerCaller?: number;

  @Setting({
    variable: 'WARDGATE_UPSTREAM_OPERATIONS',
    kind: 'list',
    description:
      'Operations of the upstream that may be called besides `$everything` and `$validate`, if a policy allows `FhirOperation`; `export` stands for bulk exports, which take `FhirExport`.',
    allowed: 'names without `$` such as `lastn`, separated by commas',
    default: '',
  })
  @EachSatisfies(isOperationName)
  readonly operations!: readonly string[];

  @Setting({
    variable: 'WARDGATE_UPSTREAM_EVERYTHING',
    kind: 'text',
    description:
      'Who may ask for `$everything`: `types`, who may search every type as a whole, since FHIR servers differ in what they answer; `compartment`, who may search the compartment, for a FHIR server that keeps within it and heeds `_type`.',
    allowed: EVERYTHING.join(', '),
    default: 'types',
  })
  @IsIn(EVERYTHING)
  readonly everything!: (typeof EVERYTHING)[number];

  @Setting({
    variable: 'WARDGATE_UPSTREAM_SEARCH_PARAMETERS',
    kind: 'list',
    description: 'Search parameters of the upstream beyond those of R4; any other is refused.',
    allowed:
      '`Type.name:kind` and the targets of a reference, such as `Patient.race:token` or `Task.kit:reference:Device|Group`, separated by commas',
    default: '',
  })
  @EachSatisfies(isSearchParameter)
  readonly searchParameters!: readonly string[];

  @Setting({
    variable: 'WARDGATE_UPSTREAM_SELF_LINK',
    kind: 'text',
    description:
      'Whether an answer to a search has to name the parameters that the upstream has used, in its `self` link: it is refused without (`required`), only where the link names others (`checked`), or never (`ignored`).',
    allowed: SELF_LINKS.join(', '),
    default: 'required',
  })
  @IsIn(SELF_LINKS)
  readonly selfLink!: SelfLinkTrust;
}
