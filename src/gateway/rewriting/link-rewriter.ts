/** How a URL in an answer of the upstream becomes one of Wardgate. */
export interface LinkRewriter {
  /** A `link.url` of a Bundle, which continues a search or history; bound to the caller. */
  page(url: string): string;
  /** A `fullUrl`, `response.location`, or the header `Location` or `Content-Location`. */
  resource(url: string): string;
}
