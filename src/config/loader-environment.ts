/** Credentials of `npm run load`, which must not stand on a command line where other users can read it. */
export interface LoaderEnvironment {
  /** Access token. */
  readonly token: string | undefined;
  /** `<id>:<secret>` of a Client. */
  readonly client: string | undefined;
}

/** Reads them; an empty one counts as none. */
export function loaderEnvironment(): LoaderEnvironment {
  const { LOAD_TOKEN, LOAD_CLIENT } = process.env;
  return { token: LOAD_TOKEN || undefined, client: LOAD_CLIENT || undefined };
}
