/** How to reach a PostgreSQL server: a URL as libpq reads it, or its parts. */
export type ServerConnection =
  | { readonly url: string }
  | {
      /** Name or address, or the folder of a Unix socket. */
      readonly host: string;
      readonly port: number;
      readonly user: string;
      /** Absent where the server knows the caller otherwise, as over a socket. */
      readonly password?: string;
      readonly database: string;
    };
