/** JSON text of a search or history Bundle. Resources are put in as the text they are, never parsed. */
export interface BundleText {
  readonly type: 'searchset' | 'history';
  readonly total: number;
  readonly links: readonly { readonly relation: string; readonly url: string }[];
  /** JSON texts of `Bundle.entry`. */
  readonly entries: readonly string[];
}

/** The Bundle as one text. */
export function bundleText({ type, total, links, entries }: BundleText): string {
  const entry = entries.length === 0 ? '' : `,"entry":[${entries.join(',')}]`;
  return `{"resourceType":"Bundle","type":"${type}","total":${total},"link":${link(links)}${entry}}`;
}

/** One match of a search. */
export function matchEntry(fullUrl: string, resource: string): string {
  return `{"fullUrl":${JSON.stringify(fullUrl)},"resource":${resource},"search":{"mode":"match"}}`;
}

const link = (links: BundleText['links']): string => JSON.stringify(links);
