import { own, type JsonObject } from '../../policy/json.js';
import type { CompletedRequest } from '../../policy/run-test.js';
import { KnownRequests } from '../../resources/access-policy/known-requests.js';
import { completedRequest, type Routes } from './complete-request.js';
import { sessionOf } from './trial-subject.js';

/** What requests there are, by the routes of this server. */
export class RoutedRequests extends KnownRequests {
  private ids: ReadonlySet<string> | undefined;

  /** @param isStrict whether administration needs a policy that speaks of it */
  constructor(
    private readonly routes: Routes,
    private readonly isStrict: boolean,
  ) {
    super();
  }

  operations(): ReadonlySet<string> {
    this.ids ??= new Set(this.routes.routes().flatMap(({ route }) => route.operation ?? []));
    return this.ids;
  }

  complete(written: JsonObject): CompletedRequest {
    const completed = completedRequest(written, sessionOf(own(written, 'role')), this.routes);
    return { ...completed, isAdministration: completed.isAdministration && this.isStrict };
  }
}
