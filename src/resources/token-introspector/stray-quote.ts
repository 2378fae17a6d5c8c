/**
 * The URL without a quotation mark at its very end, which no URL has but one that was copied with its
 * closing quote, as a tutorial of this resource model prints it.
 */
export function withoutStrayQuote(url: string): string {
  return url.replace(/"$/, '');
}
