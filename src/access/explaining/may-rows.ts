import type { JsonObject } from '../../policy/json.js';
import type { RegisteredRoute } from '../routes/registered-routes.js';

interface Row {
  readonly operation: string;
  readonly request: string;
  readonly policy: string;
  readonly types: string[];
}

/** What may be done, a row for each request and policy, with all types for which that is so. */
export class MayRows {
  private readonly rows = new Map<string, Row>();

  /** @param type of resource, where the request is about one */
  add({ method, path, route }: RegisteredRoute, type: string | undefined, policy: string): void {
    const request = `${method} ${path.replace(/:(\w+)/g, '{$1}')}`;
    const key = JSON.stringify([request, policy]);
    const row = this.rows.get(key) ?? {
      operation: route.operation ?? '',
      request,
      policy,
      types: [],
    };
    this.rows.set(key, row);
    if (type !== undefined) row.types.push(type);
  }

  list(): readonly JsonObject[] {
    return [...this.rows.values()].map((row) => ({ ...row }));
  }
}
