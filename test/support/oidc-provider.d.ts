// The package brings no types; declared is what the test provider uses.
declare module 'oidc-provider' {
  import type { IncomingMessage, ServerResponse } from 'node:http';

  interface SavedModel {
    resourceServer?: unknown;
    save(): Promise<string>;
  }
  type ModelClass = new (properties: object) => SavedModel;

  export interface KoaContext {
    readonly path: string;
    readonly headers: IncomingMessage['headers'];
    body: unknown;
  }

  export class Provider {
    constructor(issuer: string, configuration: object);
    readonly AccessToken: ModelClass;
    readonly ClientCredentials: ModelClass;
    readonly Grant: new (properties: object) => SavedModel & { addOIDCScope(scope: string): void };
    readonly ResourceServer: new (identifier: string, properties: object) => object;
    readonly Client: { find(id: string): Promise<object> };
    use(middleware: (ctx: KoaContext, next: () => Promise<void>) => Promise<void>): void;
    callback(): (request: IncomingMessage, response: ServerResponse) => void;
  }
}
