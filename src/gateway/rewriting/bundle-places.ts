/** What becomes of a text at a place in a Bundle. */
export type LinkKind = 'page' | 'resource';

/** A place in JSON, as far as something below it is rewritten. */
export interface Place {
  /** By the names of an object's members. */
  readonly members?: ReadonlyMap<string, Place>;
  /** Of an array, all alike. */
  readonly items?: Place;
  /** What a text here is. */
  readonly link?: LinkKind;
}

const RESOURCE_LINK: Place = { link: 'resource' };
const PAGE_LINKS: Place = { items: object({ url: { link: 'page' } }) };
/** A Bundle that answers a batch or transaction has no further pages. */
const OWN_LINKS: Place = { items: object({ url: RESOURCE_LINK }) };
const RESPONSE = object({ location: RESOURCE_LINK });

/** Where a Bundle has links. What its resources hold is data, nested Bundles included. */
export const BUNDLE: Place = object({
  link: PAGE_LINKS,
  entry: {
    items: object({ link: PAGE_LINKS, fullUrl: RESOURCE_LINK, response: RESPONSE }),
  },
});

/** The same of the answer to a batch or transaction, whose resources may be Bundles that answer searches. */
export const RESPONSE_BUNDLE: Place = object({
  link: OWN_LINKS,
  entry: {
    items: object({
      link: PAGE_LINKS,
      fullUrl: RESOURCE_LINK,
      response: RESPONSE,
      resource: BUNDLE,
    }),
  },
});

function object(members: Readonly<Record<string, Place>>): Place {
  return { members: new Map(Object.entries(members)) };
}
