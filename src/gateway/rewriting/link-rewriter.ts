/** How a URL in an answer of the upstream becomes one of Wardgate. */
export interface LinkRewriter {
  /** A `link.url` of a Bundle, which continues a search or history; bound to the caller. */
  page(url: string): string;
  /** A `fullUrl` or `response.location`. */
  resource(url: string): string;
  /**
   * The header `Location` or `Content-Location`; undefined for what is not reached through Wardgate. Where
   * an answer has no address, as that to a Bundle, there is no such rule, and none passes.
   */
  location?(url: string): string | undefined;
}
