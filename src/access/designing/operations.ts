import type { RegisteredRoute } from '../routes/registered-routes.js';

/** One way to ask for an operation. */
export interface OperationRequest {
  /** Lower case, as policies see it. */
  readonly method: string;
  /** With parameters in braces, e.g. `/fhir/{type}/{id}`. */
  readonly path: string;
  /** What comes of it, in a few words. */
  readonly summary?: string;
}

/** What policies may be linked to: all routes that share an operation id (spec §7). */
export interface OperationResource {
  readonly resourceType: 'Operation';
  readonly id: string;
  /** Whether it is open to everybody, without any decision. */
  readonly public: boolean;
  readonly request: readonly OperationRequest[];
}

/** The operations that the routes name, by id; their requests by path and method. */
export function operationsOf(routes: readonly RegisteredRoute[]): readonly OperationResource[] {
  const byId = new Map<string, RegisteredRoute[]>();
  for (const registered of routes) {
    const { operation } = registered.route;
    if (operation === undefined) continue;
    const known = byId.get(operation);
    if (known) known.push(registered);
    else byId.set(operation, [registered]);
  }
  return [...byId]
    .sort(([one], [other]) => compare(one, other))
    .map(([id, found]) => ({
      resourceType: 'Operation',
      id,
      public: found.every(({ route }) => route.isPublic),
      request: found.map(requestOf).sort(byPathAndMethod),
    }));
}

/** The operations as a table in Markdown, a row for every request. */
export function operationsTable(operations: readonly OperationResource[]): string {
  const rows = operations.flatMap(({ id, request }) =>
    request.map(
      ({ method, path, summary }) =>
        `| \`${id}\` | \`${method.toUpperCase()} ${path}\` | ${summary ?? ''} |`,
    ),
  );
  return ['| Operation | Request | What |', '| --- | --- | --- |', ...rows].join('\n');
}

function requestOf({ method, path, summary }: RegisteredRoute): OperationRequest {
  return {
    method: method.toLowerCase(),
    path: path.replace(/:(\w+)/g, '{$1}'),
    ...(summary === undefined ? {} : { summary }),
  };
}

function byPathAndMethod(one: OperationRequest, other: OperationRequest): number {
  return compare(one.path, other.path) || compare(one.method, other.method);
}

function compare(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
